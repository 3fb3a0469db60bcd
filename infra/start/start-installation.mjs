// @ts-check
import { startPostgres } from '../postgres/start-postgres.mjs';
import { bootstrap, explain } from './bootstrap.mjs';
import { keepRunning } from './keep-running.mjs';
import { logFile, showErrors } from './logs.mjs';
import { startNode } from './node-process.mjs';
import { node } from './places.mjs';
import { say, step } from './progress.mjs';
import { run } from './run.mjs';
import { announce, claim, processOf, release } from './run-file.mjs';
import { dataDirSetting, ensureDataDir, programEnv, readSettings } from './settings.mjs';
import { onStopSignal } from './stop-signal.mjs';
import { welcome } from './welcome.mjs';

/** @typedef {import('./node-process.mjs').Running['stop']} Stop */

/**
 * Brings the installation up, keeps it up, and takes it down on SIGINT, SIGTERM or SIGHUP.
 * @returns {Promise<number>} exit code
 */
export async function start() {
  const dataDir = dataDirSetting();
  /** @type {Stop[]} stopped from the last to the first */
  const stops = [];
  const signal = onStopSignal(() => Promise.all(stops.map((stop) => stop({ immediately: true }))));
  const began = performance.now();
  try {
    ensureDataDir(dataDir);
    const other = await claim(dataDir);
    if (other) {
      say(`Bastionary is already ${other.url ? `running at ${other.url}` : 'starting'} (process ${other.pid}).`);
      return 0;
    }
    await bootstrap(signal);
    await bringUp(stops, signal);
    process.stdout.write(`Ready in ${((performance.now() - began) / 1000).toFixed(1)} s. Ctrl-C stops everything.\n`);
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    return 0;
  } catch (error) {
    if (signal.aborted) return 0;
    process.stderr.write(`\n${explain(error)}\n`);
    return 1;
  } finally {
    if (signal.aborted && stops.length) say('Stopping');
    for (const stop of stops.reverse()) await stop();
    release(dataDir);
  }
}

/**
 * @param {Stop[]} stops grows by what was started
 * @param {AbortSignal} signal
 */
async function bringUp(stops, signal) {
  const settings = await readSettings();
  const { dataDir, localUrl } = settings;
  const server = settings.databaseUrl ? null : await step('Start PostgreSQL', () => database(dataDir, stops, signal));
  const databaseUrl = server?.url ?? settings.databaseUrl;
  const env = programEnv({ ...settings, databaseUrl });
  signal.throwIfAborted();
  // A server of an earlier release may lack a role that only its superuser can make.
  const migrateEnv = server ? { ...env, DATABASE_ADMIN_URL: server.adminUrl } : env;
  await step('Bring the database up to date', () => migrate(migrateEnv, signal));
  const first = await step('Keys and first sign-in', async () => {
    const { stdout } = await run(node, ['apps/api/dist/first-run.js'], { env, signal });
    return JSON.parse(stdout);
  });
  signal.throwIfAborted();
  await step('Start api and worker', async () => {
    await programs(dataDir, env, stops, signal);
    await untilReady(localUrl, signal);
  });
  announce(dataDir, { url: localUrl, issuer: settings.issuerUrl, database_url: databaseUrl });
  welcome(localUrl, first);
}

/** @param {string} dataDir @param {Stop[]} stops @param {AbortSignal} signal */
async function database(dataDir, stops, signal) {
  const file = logFile(dataDir, 'postgres');
  /** @type {number | undefined} */
  let port;
  const start = () => startPostgres({ dataDir: `${dataDir}/postgres`, logFile: file, port, log: say });
  const { first, stop } = await keepRunning('PostgreSQL', start, signal);
  stops.push(stop);
  port = first.port;
  return first;
}

/** @param {NodeJS.ProcessEnv} env @param {AbortSignal} signal */
async function migrate(env, signal) {
  const { stdout } = await run(node, ['prisma/dist/migrate.js'], { env, signal });
  const { applied } = JSON.parse(stdout);
  return applied.length ? applied.join(', ') : 'nothing to do';
}

/** @param {string} dataDir @param {NodeJS.ProcessEnv} env @param {Stop[]} stops @param {AbortSignal} signal */
async function programs(dataDir, env, stops, signal) {
  /** @type {Stop[]} */
  const started = [];
  stops.push(async (how) => void (await Promise.all(started.map((stop) => stop(how)))));
  /** @type {Map<string, import('./run-file.mjs').Process>} */
  const children = new Map();
  const results = await Promise.allSettled(
    ['api', 'worker'].map(async (name) => {
      const file = logFile(dataDir, name);
      showErrors(name, file);
      const start = async (/** @type {AbortSignal} */ giveUp) => {
        const running = await startNode({ script: `apps/${name}/dist/main.js`, env, logFile: file, signal: giveUp });
        announce(dataDir, { children: [...children.set(name, processOf(running.pid)).values()] });
        return running;
      };
      const { stop } = await keepRunning(`The ${name}`, start, signal);
      started.push(stop);
    }),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/** @param {string} url @param {AbortSignal} signal */
async function untilReady(url, signal) {
  for (const giveUp = Date.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
    signal.throwIfAborted();
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    if (answer?.ok) return;
    if (Date.now() > giveUp)
      throw new Error(`${url}/health/ready answers ${answer ? `${answer.status} ${await answer.text()}` : 'nothing'}.`);
  }
}
