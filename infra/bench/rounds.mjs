// @ts-check
import { cpuMicroseconds } from './cpu-time.mjs';

/** @typedef {import('./load/generator.mjs').Job} Job */
/** @typedef {import('./load/start-generator.mjs').Generate} Generate */

/**
 * One row of the table: a subject under one kind of load. `nextJob` makes what the round needs, unmeasured; it is told
 * the rate of the round before, for loads whose requests have to be made beforehand.
 * @typedef {object} Contestant
 * @property {string} name
 * @property {import('./subject.mjs').Subject} subject
 * @property {(seconds: number, lastRate?: number) => Promise<Job> | Job} nextJob
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
  /** @type {number[]} */
  const rates = [];
  for (const contestant of contestants) {
    rates.push(rateOf(await measure(contestant, Math.min(WARM_UP_SECONDS, seconds), undefined, generate)));
  }
  /** @type {Round[][]} */
  const measured = contestants.map(() => []);
  for (let turn = 1; turn <= rounds; turn++) {
    for (const [index, contestant] of contestants.entries()) {
      if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K… round ${turn} of ${rounds}: ${contestant.name}`);
      const round = await measure(contestant, seconds, rates[index], generate);
      measured[index].push(round);
      rates[index] = rateOf(round);
    }
  }
  if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
  return measured;
}

/** @param {Round} round */
const rateOf = ({ requests, seconds }) => requests / seconds;

/**
 * @param {Contestant} contestant
 * @param {number} seconds
 * @param {number | undefined} lastRate
 * @param {Generate} generate
 * @returns {Promise<Round>}
 */
async function measure({ subject, nextJob }, seconds, lastRate, generate) {
  const job = await nextJob(seconds, lastRate);
  const before = cpuMicroseconds(subject.pid);
  const { collected: _, ...load } = await generate(job);
  return { ...load, cpuMicroseconds: cpuMicroseconds(subject.pid) - before };
}
