// @ts-check

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDisposablePostgres } from './postgres/disposable.mjs';
import { bootstrap, explain } from './start/bootstrap.mjs';
import { node, root, toolEnv } from './start/places.mjs';
import { say, step } from './start/progress.mjs';
import { run } from './start/run.mjs';
import { onStopSignal } from './start/stop-signal.mjs';
import { findTools } from './test/tools.mjs';

// `npm test -- [jest arguments]`: everything, on servers of its own. The last line is the count.
const ci = process.env.CI === 'true';
const folder = mkdtempSync(join(tmpdir(), 'bastionary-run-'));
/** @type {import('./postgres/disposable.mjs').Disposable | null} */
let postgres = null;
let count = { passed: 0, failed: 1, skipped: 0 };
const signal = onStopSignal(async () => postgres?.stop());
try {
  await bootstrap(signal);
  postgres = await step('Start a disposable PostgreSQL', startDisposablePostgres);
  const { url: template, adminUrl: admin } = postgres;
  await step('Make the template database', async () => {
    await run(node, ['prisma/dist/migrate.js'], { env: { ...process.env, DATABASE_URL: template }, signal });
  });
  const installed = await step('Install once, for all to copy', () => install(template, admin));
  const tools = await findTools();
  for (const [name, path] of Object.entries(tools))
    if (!path) say(`${name} is missing; the tests that need it are skipped`);
  if (ci && Object.values(tools).includes('')) throw new Error('With CI=true nothing may be skipped.');
  const resultFile = join(folder, 'result.json');
  await jest(resultFile, {
    TEST_POSTGRES_URL: admin,
    TEST_TEMPLATE_URL: template,
    ...installed,
    TEST_REDIS_SERVER: tools['redis-server'],
    TEST_CHROMIUM: tools.chromium,
  });
  count = readCount(resultFile);
} catch (error) {
  console.error(explain(error));
} finally {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}
const { passed, failed, skipped } = count;
process.exitCode = failed === 0 && passed > 0 && !(ci && skipped > 0) ? 0 : 1;
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);

/**
 * Runs first-run on a copy of the template. Most tests begin after it, with a copy of what it made.
 * @param {string} template
 * @param {string} admin of the server
 */
async function install(template, admin) {
  const url = `${template}_installed`;
  const { pathname, username } = new URL(template);
  const name = pathname.slice(1);
  // Only here: before the first step nothing is installed.
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}_installed TEMPLATE ${name} OWNER ${username}`);
  await client.end();
  const dataDir = join(folder, 'installed');
  const env = {
    ...toolEnv(),
    NODE_ENV: 'production',
    DATABASE_URL: url,
    BASTIONARY_DATA_DIR: dataDir,
    ISSUER_URL: 'http://installed.test',
  };
  const { stdout } = await run(node, ['apps/api/dist/first-run.js'], { env, signal });
  return { TEST_INSTALLED_URL: url, TEST_INSTALLED_DIR: dataDir, TEST_INSTALLED: stdout.trim() };
}

/**
 * @param {string} resultFile
 * @param {NodeJS.ProcessEnv} settings
 */
async function jest(resultFile, settings) {
  const bin = join(root, 'packages/tooling/node_modules/jest/bin/jest.js');
  const options = ['--config', 'packages/tooling/jest.config.mjs', '--json', `--outputFile=${resultFile}`];
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const child = spawn(node, [...flags, bin, ...options, ...process.argv.slice(2)], {
    cwd: root,
    env: { ...toolEnv(), ...settings },
    // Jest prints for people on stderr; its JSON goes to the file.
    stdio: ['ignore', 'ignore', 'inherit'],
    signal,
  });
  await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
}

/** @param {string} resultFile */
function readCount(resultFile) {
  const result = JSON.parse(readFileSync(resultFile, 'utf8'));
  return {
    passed: result.numPassedTests,
    // A file that cannot even be loaded has no tests to fail.
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}
