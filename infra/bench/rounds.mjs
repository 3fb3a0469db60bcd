// @ts-check
import { cpuMicroseconds } from './cpu-time.mjs';

/** @typedef {import('./load/generator.mjs').Job} Job */
/** @typedef {import('./load/start-generator.mjs').Generate} Generate */

/**
 * One row of the table: a subject under one kind of load. `nextJob` makes what the round needs, unmeasured.
 * @typedef {object} Contestant
 * @property {string} name
 * @property {import('./subject.mjs').Subject} subject
 * @property {(seconds: number) => Promise<Job> | Job} nextJob
 *
 * @typedef {Omit<import('./load/generator.mjs').Load, 'collected'> & { cpuMicroseconds: number }} Round
 */

const WARM_UP_SECONDS = 2;

/**
 * Every contestant in turn, round after round (A B C A B C …), so that what the machine does besides hits all alike.
 * @param {Contestant[]} contestants
 * @param {import('./options.mjs').Options} options
 * @param {Generate} generate
 * @returns {Promise<Round[][]>} of each contestant
 */
export async function takeTurns(contestants, { seconds, rounds }, generate) {
  for (const contestant of contestants) await measure(contestant, Math.min(WARM_UP_SECONDS, seconds), generate);
  /** @type {Round[][]} */
  const measured = contestants.map(() => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [index, contestant] of contestants.entries()) {
      if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K… round ${round} of ${rounds}: ${contestant.name}`);
      measured[index].push(await measure(contestant, seconds, generate));
    }
  }
  if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
  return measured;
}

/** @param {Contestant} contestant @param {number} seconds @param {Generate} generate @returns {Promise<Round>} */
async function measure({ subject, nextJob }, seconds, generate) {
  const job = await nextJob(seconds);
  const before = cpuMicroseconds(subject.pid);
  const { collected: _, ...load } = await generate(job);
  return { ...load, cpuMicroseconds: cpuMicroseconds(subject.pid) - before };
}
