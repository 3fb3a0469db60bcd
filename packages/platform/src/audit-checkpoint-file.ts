import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.js';
import { type CheckpointLine, formatLine, readLine } from './rules/audit-export.js';

// Longer than any line: a note has a name of at most 200 characters in three places.
const TAIL = 8_192;

type Settings = Pick<Config, 'BASTIONARY_DATA_DIR'>;

/** Where checkpoints are kept outside the database, one line of JSON each. Nothing but appending ever happens to it. */
export const checkpointFile = (settings: Settings): string =>
  join(settings.BASTIONARY_DATA_DIR, 'audit-checkpoints.log');

/**
 * The last checkpoint on file; null if there is none.
 * @throws Error if the last line is no checkpoint: the file was changed
 */
export function lastCheckpointOnFile(settings: Settings): CheckpointLine | null {
  const file = checkpointFile(settings);
  if (!existsSync(file)) return null;
  const descriptor = openSync(file, 'r');
  try {
    const last = wholeLines(descriptor).text.split('\n').at(-2);
    if (last === undefined || last === '') return null;
    const line = readLine(last);
    if (line?.type !== 'checkpoint') throw new Error(`The last line of ${file} is not a checkpoint`);
    return line;
  } finally {
    closeSync(descriptor);
  }
}

/** Appends checkpoints and waits for the disk. A line that a crash left unfinished is taken away first. */
export function appendCheckpoints(settings: Settings, lines: readonly CheckpointLine[]): void {
  const file = checkpointFile(settings);
  const descriptor = openSync(file, 'a+', 0o600);
  try {
    const { end, size } = wholeLines(descriptor);
    if (end < size) ftruncateSync(descriptor, end);
    writeSync(descriptor, lines.map((line) => `${formatLine(line)}\n`).join(''));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

// The end of the file up to its last line feed, and where that is.
function wholeLines(descriptor: number): { text: string; end: number; size: number } {
  const { size } = fstatSync(descriptor);
  const bytes = Buffer.alloc(Math.min(size, TAIL));
  readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
  const length = bytes.lastIndexOf('\n') + 1;
  return { text: bytes.subarray(0, length).toString(), end: size - bytes.length + length, size };
}
