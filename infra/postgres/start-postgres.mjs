// @ts-check
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLine, freePort, isAlive, isInUse } from '../processes.mjs';
import { clusterHome, runnableBin, serverAccount } from './account.mjs';
import { findBinaries } from './binaries.mjs';
import { clusterMajor, databaseName, ensureCluster, pgdata, readPostmasterPid } from './cluster.mjs';

/**
 * @typedef {object} Options
 * @property {string} dataDir folder of this server; made if missing
 * @property {number} [port] default: a free one
 * @property {Record<string, string>} [settings] PostgreSQL settings over the defaults
 * @property {string} [logFile] default: server.log in dataDir
 * @property {(line: string) => void} [log] told, in a line, what a person should know
 *
 * @typedef {object} Server
 * @property {string} url of the platform's database, as its owner
 * @property {string} adminUrl of the database `postgres`, as superuser
 * @property {number} port
 * @property {number} pid
 * @property {boolean} adopted it was running already, left behind by a supervisor that was killed
 * @property {Promise<void>} exited fulfilled when the server is gone, for whatever reason
 * @property {(how?: { immediately?: boolean }) => Promise<void>} stop ends client connections and waits for the end
 */

const patience = { start: 20_000, stop: 30_000 };

const defaults = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: `${sharedBuffers()}MB`,
  // Pages are written to the log whole after a checkpoint: fewer of those, and smaller.
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  wal_compression: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** An eighth of the memory, 128 MB to 1 GB: PostgreSQL advises a quarter where it is alone. */
function sharedBuffers() {
  return Math.round(Math.min(1_024, Math.max(128, totalmem() / 2 ** 20 / 8)));
}

/**
 * Starts the PostgreSQL server of a folder on 127.0.0.1, in a process group of its own, or adopts the one that runs.
 * @param {Options} options
 * @returns {Promise<Server>}
 * @throws {Error} with the end of the server's log
 */
export async function startPostgres({ dataDir, port, settings = {}, logFile, log = () => {} }) {
  const folder = resolve(dataDir);
  const account = serverAccount();
  const home = realpathSync(clusterHome(folder, account, log));
  const bin = runnableBin(findBinaries(clusterMajor(home)), account, log);
  const credentialsFile = join(folder, 'credentials.json');
  const credentials = ensureCluster({ home, bin, account, credentialsFile, durable: settings.fsync !== 'off' });
  const logPath = logFile ?? join(folder, 'server.log');

  const left = runningServer(home);
  const leftPort = left && (await untilReady(home, left.pid));
  const adopted = leftPort !== null;
  const pid = adopted && left ? left.pid : await launch();
  const actualPort = leftPort ?? (await untilReady(home, pid));
  if (!actualPort) throw new Error(`PostgreSQL stopped while starting. ${tail(logPath)}`);
  const address = `127.0.0.1:${actualPort}`;
  return {
    url: `postgresql://${credentials.owner.user}:${credentials.owner.password}@${address}/${databaseName}`,
    adminUrl: `postgresql://${credentials.superuser.user}:${credentials.superuser.password}@${address}/postgres`,
    port: actualPort,
    pid,
    adopted,
    exited: untilGone(pid),
    stop: ({ immediately = false } = {}) => stop(pid, immediately),
  };

  // After a crash the first tries fail until orphaned backends have died; a free port may be taken in between.
  async function launch() {
    removeStalePidFile(home);
    mkdirSync(dirname(logPath), { recursive: true });
    for (const giveUp = Date.now() + patience.start; ; await sleep(250)) {
      const values = { ...defaults, ...settings, port: String(port ?? (await freePort())) };
      const flags = Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
      const output = openSync(logPath, 'a', 0o600);
      const child = spawn(join(bin, 'postgres'), ['-D', pgdata(home), ...flags], {
        ...account,
        cwd: home,
        detached: true,
        stdio: ['ignore', output, output],
      });
      closeSync(output);
      const survived = await survives(child, home);
      if (survived) return survived;
      if (Date.now() > giveUp) throw new Error(`PostgreSQL did not start. ${tail(logPath)}`);
    }
  }
}

/**
 * The live server of a cluster, judged by its command line because pids are reused.
 * @param {string} home
 */
export function runningServer(home) {
  const written = readPostmasterPid(home);
  return written && isAlive(written.pid) && commandLine(written.pid).includes(pgdata(home)) ? written : null;
}

/**
 * PostgreSQL takes any live process of its user with the pid in postmaster.pid for a server, and would refuse to start
 * for ever when that pid was given to a stranger. With orphaned backends alive the file must stay: it protects the data.
 * @param {string} home
 */
function removeStalePidFile(home) {
  const written = readPostmasterPid(home);
  if (written && isAlive(written.pid) && isInUse(pgdata(home)) === false) rmSync(join(pgdata(home), 'postmaster.pid'));
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} home
 * @returns {Promise<number | null>} the pid once the server holds its lock file, null if it died before
 */
async function survives(child, home) {
  let dead = false;
  child.once('exit', () => {
    dead = true;
  });
  child.once('error', () => {
    dead = true;
  });
  while (!dead) {
    if (child.pid && readPostmasterPid(home)?.pid === child.pid) return child.pid;
    await sleep(10);
  }
  return null;
}

/** @param {string} home @param {number} pid @returns {Promise<number | null>} its port, null if it stopped instead */
async function untilReady(home, pid) {
  // Recovery after a crash takes as long as it takes; only death ends the wait.
  while (isAlive(pid)) {
    const written = readPostmasterPid(home);
    if (written?.pid === pid && written.ready) return written.port;
    await sleep(10);
  }
  return null;
}

/** @param {number} pid */
async function untilGone(pid) {
  while (isAlive(pid)) await sleep(100);
}

/** @param {number} pid @param {boolean} immediately */
async function stop(pid, immediately) {
  /** @type {[NodeJS.Signals, number][]} */
  const steps = [
    ['SIGINT', patience.stop],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ];
  for (const [signal, wait] of immediately ? steps.slice(1) : steps) {
    if (!isAlive(pid)) return;
    process.kill(pid, signal);
    for (const giveUp = Date.now() + wait; isAlive(pid) && Date.now() < giveUp; ) await sleep(20);
  }
}

/** @param {string} file */
function tail(file) {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15) : [];
  return `The end of ${file}:\n${lines.join('\n')}`;
}
