import 'reflect-metadata';
import { loadCheckpointKeys } from '@bastionary/platform/audit-checkpoint-key';
import { checkCanary } from '@bastionary/platform/canary';
import { ConfigError, parseConfig } from '@bastionary/platform/config';
import { loadEncryptionKeys } from '@bastionary/platform/encryption-keys';
import { createLogger } from '@bastionary/platform/logger';
import { SealError } from '@bastionary/platform/seal';
import { stopOnSignal } from '@bastionary/platform/stop-on-signal';
import { connect } from '@bastionary/prisma/client';
import { NestFactory } from '@nestjs/core';
import { equipFollowers } from './followers.js';
import { WorkerModule } from './worker.module.js';

async function main(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: the one place of this process that reads the environment
  const config = parseConfig(process.env);
  const logger = createLogger('worker', config.LOG_LEVEL);
  const encryptionKeys = loadEncryptionKeys(config);
  equipFollowers(encryptionKeys);
  // A worker that could not sign must not start: the log would go on unsigned, and nobody would know.
  loadCheckpointKeys(config);
  const poolSize = 6 + config.BILLING_LANES;
  const connection = connect(config.DATABASE_URL, { applicationName: 'bastionary-worker', poolSize });
  await connection.untilReady();
  await checkCanary(connection.db, encryptionKeys);
  const module = WorkerModule.with({ config, logger, db: connection.db, encryptionKeys });
  const app = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
  stopOnSignal(logger, config.DRAIN_SECONDS, async () => {
    await app.close();
    await connection.close();
  });
  logger.info({ queue: config.REDIS_URL === undefined ? 'postgresql' : 'redis' }, 'ready');
  process.send?.({ type: 'ready' });
}

main().catch((error: unknown) => {
  const told = error instanceof ConfigError || error instanceof SealError;
  process.stderr.write(`${told ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(told ? 78 : 1);
});
