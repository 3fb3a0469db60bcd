// @ts-check
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { birthMark, isAlive } from '../processes.mjs';

/**
 * run.json in the data folder: which start is running, and where.
 * @typedef {{ pid: number, born: string }} Process
 * @typedef {Process & { url?: string, issuer?: string, database_url?: string, children?: Process[] }} Start
 */

const fileOf = (/** @type {string} */ dataDir) => join(dataDir, 'run.json');

/**
 * The start that runs on this data folder, or null. A file left behind by a killed one counts as none.
 * @param {string} dataDir
 * @returns {Start | null}
 */
export function findRunning(dataDir) {
  const found = read(fileOf(dataDir));
  return found && isSame(found) ? found : null;
}

/** @param {number} pid @returns {Process} */
export const processOf = (pid) => ({ pid, born: birthMark(pid) });

/** Whether the process is still alive and no later one with its pid. @param {Process} process */
const isSame = ({ pid, born }) => isAlive(pid) && birthMark(pid) === born;

/**
 * Claims the data folder for this process, after the programs of a start that was killed have ended.
 * @param {string} dataDir
 * @returns {Promise<Start | null>} the start that has it already, else null
 */
export async function claim(dataDir) {
  for (;;) {
    const running = findRunning(dataDir);
    if (running) return running;
    await endLeftovers(read(fileOf(dataDir))?.children ?? []);
    try {
      writeFileSync(fileOf(dataDir), JSON.stringify(processOf(process.pid)), { flag: 'wx', mode: 0o600 });
      return null;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      setAsideStale(dataDir);
    }
  }
}

/**
 * Adds to what others may know about this start.
 * @param {string} dataDir
 * @param {Partial<Start>} facts
 */
export function announce(dataDir, facts) {
  const unfinished = `${fileOf(dataDir)}.${process.pid}`;
  writeFileSync(unfinished, JSON.stringify({ ...read(fileOf(dataDir)), ...facts }), { mode: 0o600 });
  renameSync(unfinished, fileOf(dataDir));
}

/** @param {string} dataDir */
export function release(dataDir) {
  if (read(fileOf(dataDir))?.pid === process.pid) rmSync(fileOf(dataDir));
}

// They notice by themselves that their start is gone, and drain; waiting keeps the port and the data to one of them.
/** @param {Process[]} children */
async function endLeftovers(children) {
  for (const giveUp = Date.now() + 25_000; children.some(isSame) && Date.now() < giveUp; ) await sleep(50);
  for (const child of children.filter(isSame)) process.kill(child.pid, 'SIGKILL');
}

// Two starts may find the same stale file. Renaming is atomic: only one of them gets it, and if it was a new one
// by then, it goes back.
/** @param {string} dataDir */
function setAsideStale(dataDir) {
  const aside = `${fileOf(dataDir)}.${process.pid}`;
  try {
    renameSync(fileOf(dataDir), aside);
  } catch {
    return;
  }
  const taken = read(aside);
  if (taken && isSame(taken)) renameSync(aside, fileOf(dataDir));
  else rmSync(aside);
}

/** @param {string} file @returns {Start | null} */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
