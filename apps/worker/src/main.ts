import 'reflect-metadata';
import { loadCheckpointKeys } from '@bastionary/platform/audit-checkpoint-key';
import { ConfigError, parseConfig } from '@bastionary/platform/config';
import { createLogger } from '@bastionary/platform/logger';
import { stopOnSignal } from '@bastionary/platform/stop-on-signal';
import { connect } from '@bastionary/prisma/client';
import { NestFactory } from '@nestjs/core';
import { WorkerModule } from './worker.module.js';

async function main(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: the one place of this process that reads the environment
  const config = parseConfig(process.env);
  const logger = createLogger('worker', config.LOG_LEVEL);
  // A worker that could not sign must not start: the log would go on unsigned, and nobody would know.
  loadCheckpointKeys(config);
  const connection = connect(config.DATABASE_URL, { applicationName: 'bastionary-worker', poolSize: 4 });
  await connection.untilReady();
  const module = WorkerModule.with({ config, logger, db: connection.db });
  const app = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
  stopOnSignal(logger, config.DRAIN_SECONDS, async () => {
    await app.close();
    await connection.close();
  });
  logger.info({ queue: config.REDIS_URL === undefined ? 'postgresql' : 'redis' }, 'ready');
  process.send?.({ type: 'ready' });
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(error instanceof ConfigError ? 78 : 1);
});
