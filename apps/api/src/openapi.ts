import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseConfig } from '@bastionary/platform/config';
import { createLogger } from '@bastionary/platform/logger';
import { newKeyEntry, parseKeys } from '@bastionary/platform/seal';
import { connect } from '@bastionary/prisma/client';
import { buildApp } from './app.js';
import { describeApi } from './documentation.js';

// Writes openapi.json, or with --check fails if the committed one differs. Opens no connection: nothing is asked of the database.
const FILE = new URL('../openapi.json', import.meta.url);
const DATABASE_URL = 'postgresql://nobody@127.0.0.1:1/none';

const config = parseConfig({ DATABASE_URL, LOG_LEVEL: 'error' });
const app = await buildApp({
  config,
  logger: createLogger('openapi', 'error'),
  connection: connect(DATABASE_URL, { applicationName: 'openapi', poolSize: 2 }),
  encryptionKeys: parseKeys(newKeyEntry('k1')),
});
const fresh = `${JSON.stringify(describeApi(app), null, 2)}\n`;
if (!process.argv.includes('--check')) {
  writeFileSync(FILE, fresh);
} else if (!existsSync(FILE) || readFileSync(FILE, 'utf8') !== fresh) {
  process.stderr.write(
    'apps/api/openapi.json differs from the routes. Run `node apps/api/dist/openapi.js` and commit it.\n',
  );
  process.exitCode = 1;
}
