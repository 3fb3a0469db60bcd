// @ts-check
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';

/**
 * Whether a process with this id exists (a zombie counts as gone).
 * @param {number} pid
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
  return !/^State:\s+[ZX]/m.test(procFile(pid, 'status') ?? '');
}

/**
 * The command line of a process, or '' if there is none.
 * @param {number} pid
 */
export function commandLine(pid) {
  return procFile(pid, 'cmdline')?.replaceAll('\0', ' ') ?? ps(pid, 'command');
}

/**
 * When a process began, as an opaque string. With the pid it names one process for ever, although pids are reused.
 * @param {number} pid
 */
export function birthMark(pid) {
  return (
    procFile(pid, 'stat')
      ?.replace(/^.*\) /s, '')
      .split(' ')[19] ?? ps(pid, 'lstart')
  );
}

/**
 * Whether any process works in this folder. Null where the system cannot tell.
 * @param {string} folder
 * @returns {boolean | null}
 */
export function isInUse(folder) {
  if (process.platform !== 'linux') return null;
  return readdirSync('/proc').some((entry) => {
    try {
      return /^\d+$/.test(entry) && readlinkSync(`/proc/${entry}/cwd`) === folder;
    } catch {
      return false;
    }
  });
}

/**
 * Whether a TCP port can be listened on.
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>}
 */
export function isPortFree(port, host = '127.0.0.1') {
  return listenOnce(port, host).then(
    () => true,
    (error) => {
      if (error.code === 'EADDRINUSE') return false;
      throw error;
    },
  );
}

/** A TCP port of 127.0.0.1 which nobody listens on at the moment. */
export const freePort = () => listenOnce(0, '127.0.0.1');

/** @param {number} port @param {string} host @returns {Promise<number>} */
function listenOnce(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(address.port));
    });
  });
}

/** @param {number} pid @param {string} name */
function procFile(pid, name) {
  if (process.platform !== 'linux') return null;
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

/** @param {number} pid @param {string} column */
function ps(pid, column) {
  return spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
}

/**
 * Whether a file can be run as a program.
 * @param {string} file
 */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
