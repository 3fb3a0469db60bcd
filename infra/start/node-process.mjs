// @ts-check
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { node, root } from './places.mjs';

const patience = { ready: 60_000, drain: 25_000 };

/**
 * Something that runs until it is stopped or fails.
 * @typedef {object} Running
 * @property {number} pid
 * @property {Promise<unknown>} exited
 * @property {(how?: { immediately?: boolean }) => Promise<void>} stop
 */

/**
 * Starts a program of ours and waits until it says `{type: 'ready'}`. It is out of reach of the terminal's Ctrl-C, and
 * ends by itself when this process is gone, because the IPC channel then closes.
 * @param {{ script: string, env: NodeJS.ProcessEnv, logFile: string, signal?: AbortSignal }} options `script` below the clone;
 * `signal` ends the wait, and the program with it
 * @returns {Promise<Running>}
 * @throws {Error} with what it wrote, if it ended first
 */
export async function startNode({ script, env, logFile, signal }) {
  // Straight into the file: what a dying process writes is kept, and nothing breaks when this one dies first.
  const output = openSync(logFile, 'a', 0o600);
  const logStart = statSync(logFile).size;
  const child = spawn(node, [join(root, script)], {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);
  /** @type {Promise<string>} */
  const exited = new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.once('error', (error) => resolve(error.message));
  });
  const stop = async ({ immediately = false } = {}) => {
    if (!immediately) child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), immediately ? 0 : patience.drain);
    await exited;
    clearTimeout(timer);
  };
  const giveUp = () => child.kill('SIGTERM');
  signal?.addEventListener('abort', giveUp, { once: true });
  const ended = await Promise.race([readyMessage(child), exited]);
  signal?.removeEventListener('abort', giveUp);
  if (ended === null) return { pid: Number(child.pid), exited, stop };
  await stop({ immediately: true });
  throw new Error(`${lastWords(logFile, logStart)}\n${script} ended before it was ready (${ended}).`);
}

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<string | null>} null when ready */
function readyMessage(child) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(`not ready within ${patience.ready / 1000} s`), patience.ready);
    child.on('message', (/** @type {{ type?: string }} */ message) => {
      if (message?.type !== 'ready') return;
      clearTimeout(timer);
      resolve(null);
    });
    child.once('exit', () => clearTimeout(timer));
  });
}

/** @param {string} logFile @param {number} from */
function lastWords(logFile, from) {
  const lines = readFileSync(logFile).subarray(from).toString('utf8').trimEnd().split('\n');
  // A program that refuses its settings says so in plain words, beside its log lines in JSON.
  const plain = lines.filter((line) => line && !line.startsWith('{'));
  return (plain.length ? plain : lines).slice(-20).join('\n');
}
