// @ts-check
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The kernel counts a process's time for user programs in hundredths of a second, whatever its own clock. */
const MICROSECONDS_PER_TICK = 10_000;

/**
 * User and system time that a process has used so far, all its threads together.
 * @param {number} pid
 * @returns {number} microseconds
 */
export function cpuMicroseconds(pid) {
  if (process.platform !== 'linux') return fromPs(pid);
  // The second field is the program's name in brackets, which may itself hold spaces and brackets.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MICROSECONDS_PER_TICK;
}

/** @param {number} pid */
function fromPs(pid) {
  const { stdout } = spawnSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout
    .trim()
    .split(/[-:]/)
    .reverse()
    .reduce((sum, part, index) => sum + Number(part) * unit(index), 0);
}

/** Of the parts of `[days-][hours:]minutes:seconds`, from the right. @param {number} index */
const unit = (index) => [1, 60, 3_600, 86_400][index] * 1_000_000;
