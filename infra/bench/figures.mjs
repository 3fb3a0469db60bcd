// @ts-check

/** @typedef {import('./rounds.mjs').Round} Round */

/**
 * What the rounds of one contestant come to.
 * @typedef {object} Figures
 * @property {number} requestsPerSecond median of the rounds
 * @property {number} slowest
 * @property {number} fastest
 * @property {number} p50 milliseconds
 * @property {number} p99 milliseconds
 * @property {number} cpuPerRequest microseconds
 * @property {number} subjectShare of one core
 * @property {number} generatorShare of one core
 * @property {number} failed requests, in all rounds together
 * @property {string} [failure] the first of them
 */

/** @param {Round[]} rounds @returns {Figures} */
export function figuresOf(rounds) {
  const rates = rounds.map(({ requests, seconds }) => requests / seconds);
  return {
    requestsPerSecond: median(rates),
    slowest: Math.min(...rates),
    fastest: Math.max(...rates),
    p50: median(rounds.map(({ p50 }) => p50)),
    p99: median(rounds.map(({ p99 }) => p99)),
    cpuPerRequest: median(rounds.map(({ cpuMicroseconds, requests }) => cpuMicroseconds / requests)),
    subjectShare: median(rounds.map(({ cpuMicroseconds, seconds }) => cpuMicroseconds / seconds / 1_000_000)),
    generatorShare: median(rounds.map(({ generatorShare }) => generatorShare)),
    failed: rounds.reduce((sum, { refused, wrong }) => sum + refused + wrong, 0),
    failure: rounds.find(({ failure }) => failure !== undefined)?.failure,
  };
}

/** @param {number[]} values */
function median(values) {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * A figure held against its goal; without a goal it is information.
 * @typedef {{ name: string, value: number, unit?: string, atLeast?: number, atMost?: number }} Verdict
 */

/** @param {Verdict} verdict @returns {boolean | null} null without a goal */
export function isMet({ value, atLeast, atMost }) {
  if (atLeast !== undefined) return value >= atLeast;
  return atMost === undefined ? null : value <= atMost;
}
