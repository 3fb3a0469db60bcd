import { checkCanary } from '@bastionary/platform/canary';
import { ConfigError, parseConfig } from '@bastionary/platform/config';
import { loadEncryptionKeys } from '@bastionary/platform/encryption-keys';
import { createLogger } from '@bastionary/platform/logger';
import { SealError } from '@bastionary/platform/seal';
import { stopOnSignal } from '@bastionary/platform/stop-on-signal';
import { connect } from '@bastionary/prisma/client';
import { SwaggerModule } from '@nestjs/swagger';
import { buildApp } from './app.js';
import { describeApi } from './documentation.js';
import { equipFollowers } from './modules/customers/followers.js';

async function main(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: the one place of this process that reads the environment
  const config = parseConfig(process.env);
  const logger = createLogger('api', config.LOG_LEVEL);
  const encryptionKeys = loadEncryptionKeys(config);
  equipFollowers(encryptionKeys);
  const connection = connect(config.DATABASE_URL, {
    applicationName: 'bastionary-api',
    poolSize: config.DATABASE_POOL_SIZE,
  });
  await connection.untilReady();
  await checkCanary(connection.db, encryptionKeys);
  const app = await buildApp({ config, logger, connection, encryptionKeys });
  SwaggerModule.setup('docs', app, () => describeApi(app), { jsonDocumentUrl: '/openapi.json', raw: ['json'] });
  stopOnSignal(logger, config.DRAIN_SECONDS, async () => {
    await app.close();
    await connection.close();
  });
  await app.listen(config.PORT, config.HOST);
  logger.info({ address: await app.getUrl(), issuer: config.ISSUER_URL }, 'ready');
  process.send?.({ type: 'ready' });
}

main().catch((error: unknown) => {
  const told = error instanceof ConfigError || error instanceof SealError;
  process.stderr.write(`${told ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(told ? 78 : 1);
});
