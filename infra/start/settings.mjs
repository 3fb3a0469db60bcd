// @ts-check
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { serverAccount } from '../postgres/account.mjs';
import { isPortFree } from '../processes.mjs';
import { compileCache, root } from './places.mjs';
import { say } from './progress.mjs';

/**
 * The settings that the start itself needs; all others pass through to the processes unread.
 * @typedef {{ dataDir: string, host: string, port: number, issuerUrl: string, localUrl: string, databaseUrl: string | null }} Settings
 */

/**
 * A setting from NAME, or from the file that NAME_FILE names.
 * @param {string} name
 * @returns {string | null}
 */
function setting(name) {
  const { [name]: value, [`${name}_FILE`]: file } = process.env;
  if (value || !file) return value || null;
  if (!existsSync(file)) throw new Error(`${name}_FILE: there is no file ${file}.`);
  return readFileSync(file, 'utf8').trim() || null;
}

/** The data folder, absolute. */
export const dataDirSetting = () => resolve(setting('BASTIONARY_DATA_DIR') ?? join(root, '.data'));

/** The database to use, or null for the embedded one. */
export const databaseUrlSetting = () => setting('DATABASE_URL');

/** @returns {Promise<Settings>} */
export async function readSettings() {
  const host = setting('HOST') ?? '127.0.0.1';
  const port = await choosePort(host);
  // A wildcard is an address to listen on, none to connect to.
  const reachable = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const localUrl = `http://${reachable}:${port}`;
  const issuerUrl = setting('ISSUER_URL') ?? localUrl;
  return { dataDir: dataDirSetting(), host, port, issuerUrl, localUrl, databaseUrl: databaseUrlSetting() };
}

/**
 * The environment of our own programs: the caller's, with every setting that the start decided.
 * @param {{ dataDir: string, databaseUrl: string, host?: string, port?: number, issuerUrl?: string }} decided
 * @returns {NodeJS.ProcessEnv}
 */
export function programEnv({ dataDir, databaseUrl, host, port, issuerUrl }) {
  const decided = {
    BASTIONARY_DATA_DIR: dataDir,
    DATABASE_URL: databaseUrl,
    HOST: host,
    PORT: port?.toString(),
    ISSUER_URL: issuerUrl,
  };
  /** @type {NodeJS.ProcessEnv} */
  // Compiled code is kept: from the second start on, a third of the time to load is saved.
  const env = { NODE_ENV: 'production', NODE_COMPILE_CACHE: compileCache, ...process.env };
  for (const [name, value] of Object.entries(decided)) {
    if (value === undefined) continue;
    env[name] = value;
    delete env[`${name}_FILE`];
  }
  return env;
}

/** @param {string} host */
async function choosePort(host) {
  const wanted = setting('PORT');
  if (wanted) {
    const port = Number(wanted);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new Error(`PORT must be a number from 1 to 65535, not "${wanted}".`);
    if (await isPortFree(port, host)) return port;
    throw new Error(
      `Port ${port} of ${host} is taken. Set PORT to another one, or stop the program that listens there.`,
    );
  }
  for (let port = 3000; port < 3100; port++) {
    if (!(await isPortFree(port, host))) continue;
    if (port !== 3000) say(`Port 3000 is taken; using ${port}. Set PORT to choose one.`);
    return port;
  }
  throw new Error('All ports from 3000 to 3099 are taken. Set PORT.');
}

/**
 * Makes the data folder, closed to others. When PostgreSQL will run as a system user, that user's group may pass
 * through a new folder, and no more.
 * @param {string} dataDir
 */
export function ensureDataDir(dataDir) {
  if (existsSync(dataDir)) return;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const account = databaseUrlSetting() ? null : serverAccount();
  if (!account) return;
  chownSync(dataDir, 0, account.gid);
  chmodSync(dataDir, 0o710);
}
