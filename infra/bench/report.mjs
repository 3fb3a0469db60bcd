// @ts-check
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { node } from '../start/places.mjs';
import { isMet } from './figures.mjs';

/** @typedef {import('./figures.mjs').Figures} Figures */
/** @typedef {import('./figures.mjs').Verdict} Verdict */

/** @type {[string, (figures: Figures) => string][]} */
const columns = [
  ['requests/s', ({ requestsPerSecond }) => whole(requestsPerSecond)],
  ['min–max', ({ slowest, fastest }) => `${whole(slowest)}–${whole(fastest)}`],
  ['p50 ms', ({ p50 }) => p50.toFixed(2)],
  ['p99 ms', ({ p99 }) => p99.toFixed(2)],
  ['CPU µs/request', ({ cpuPerRequest }) => whole(cpuPerRequest)],
  ['its CPU', ({ subjectShare }) => percent(subjectShare)],
  ['load CPU', ({ generatorShare }) => percent(generatorShare)],
  ['failed', ({ failed }) => whole(failed)],
];

/**
 * @param {string} title
 * @param {{ name: string, figures: Figures }[]} rows
 */
export function printTable(title, rows) {
  const cells = [['', ...columns.map(([name]) => name)]];
  for (const { name, figures } of rows) cells.push([name, ...columns.map(([, show]) => show(figures))]);
  const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  console.log(`${title}\n`);
  for (const line of cells) {
    console.log(
      line.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[0]))).join('  '),
    );
  }
  console.log(
    '\nCPU in percent of one core: of the process under measurement, and of the load generator. failed must be 0.',
  );
  for (const { name, figures } of rows) {
    if (figures.failed > 0) {
      const first = figures.failure ?? 'no answer';
      console.log(`✗ ${name}: ${figures.failed} requests failed; its figures mean nothing. The first: ${first}`);
    }
    if (figures.generatorShare > 0.95 && figures.subjectShare < 0.9) {
      console.log(`! ${name} waited for the load generator, which had no more of its core to give: it can do more.`);
    }
  }
}

/** @param {Verdict[]} verdicts */
export function printVerdicts(verdicts) {
  const width = Math.max(...verdicts.map(({ name }) => name.length));
  for (const verdict of verdicts) {
    const { name, value, unit = '', atLeast, atMost } = verdict;
    const met = isMet(verdict);
    const goal =
      met === null
        ? ''
        : `goal ${atLeast === undefined ? '≤' : '≥'} ${atLeast ?? atMost}${unit}  ${met ? '✓' : '✗ missed'}`;
    console.log(
      `${name.padEnd(width)}  ${(unit ? value.toFixed(1) : value.toFixed(2)).padStart(6)}${unit}  ${goal}`.trimEnd(),
    );
  }
  console.log();
}

export function describeMachine() {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpu?.model.trim()}, ${memory} GiB, ${process.platform}; Node ${nodeVersion()} for all`;
}

const nodeVersion = () => spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim().replace('v', '');

/** @param {string} file @param {import('./options.mjs').Options} options @param {object[]} results */
export function writeRaw(file, { seconds, rounds, connections, tokens, warmCaches }, results) {
  const options = { seconds, rounds, connections, tokens, warmCaches };
  const raw = { at: new Date().toISOString(), machine: describeMachine(), options, results };
  writeFileSync(file, `${JSON.stringify(raw, null, 2)}\n`);
}

const whole = (/** @type {number} */ value) => Math.round(value).toLocaleString('en');
const percent = (/** @type {number} */ share) => `${Math.round(share * 100)} %`;
