// @ts-check
import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './progress.mjs';

const limits = { bytes: 10 * 1024 * 1024, linesPerMinute: 5 };
const errorLevel = 50;

/**
 * The log file of a process, moved aside to `<name>.log.1` when it has grown large.
 * @param {string} dataDir
 * @param {string} name
 */
export function logFile(dataDir, name) {
  const folder = join(dataDir, 'logs');
  const file = join(folder, `${name}.log`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (existsSync(file) && statSync(file).size > limits.bytes) renameSync(file, `${file}.1`);
  return file;
}

/**
 * Shows the errors that a process writes into its log from now on, a few a minute.
 * @param {string} name
 * @param {string} file
 */
export function showErrors(name, file) {
  let position = existsSync(file) ? statSync(file).size : 0;
  let rest = '';
  let shown = 0;
  setInterval(() => {
    shown = 0;
  }, 60_000).unref();
  setInterval(() => {
    if (!existsSync(file) || statSync(file).size <= position) return;
    const text = readFrom(file, position);
    position += Buffer.byteLength(text);
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = errorIn(line);
      if (message && shown++ < limits.linesPerMinute) say(`${name}: ${message} (${file})`);
    }
  }, 1_000).unref();
}

/** @param {string} file @param {number} position */
function readFrom(file, position) {
  const buffer = Buffer.alloc(Math.min(statSync(file).size - position, 1024 * 1024));
  const descriptor = openSync(file, 'r');
  const length = readSync(descriptor, buffer, 0, buffer.length, position);
  closeSync(descriptor);
  return buffer.toString('latin1', 0, length);
}

/** @param {string} line of the log, in JSON */
function errorIn(line) {
  try {
    const { level, msg, err } = JSON.parse(Buffer.from(line, 'latin1').toString('utf8'));
    return level >= errorLevel ? (msg ?? err?.message) : null;
  } catch {
    return null;
  }
}
