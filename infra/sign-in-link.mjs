// @ts-check
import { startPostgres } from './postgres/start-postgres.mjs';
import { explain } from './start/bootstrap.mjs';
import { node } from './start/places.mjs';
import { run } from './start/run.mjs';
import { findRunning } from './start/run-file.mjs';
import { databaseUrlSetting, dataDirSetting, programEnv } from './start/settings.mjs';

// `npm run sign-in-link`: a new one-time link into the console. Works while the installation runs, and while not.
// `-- --without-second-factor` removes the owner's second factors too.
try {
  const dataDir = dataDirSetting();
  const running = findRunning(dataDir);
  const known = running?.database_url ?? databaseUrlSetting();
  const server = known ? null : await startPostgres({ dataDir: `${dataDir}/postgres`, log: console.error });
  try {
    const env = programEnv({ dataDir, databaseUrl: known ?? server?.url ?? '', issuerUrl: running?.issuer });
    const { stdout } = await run(node, ['apps/api/dist/sign-in-link.js', ...process.argv.slice(2)], { env });
    process.stdout.write(stdout);
    if (!running) console.error('The link works once the installation runs: npm start');
  } finally {
    await server?.stop();
  }
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
