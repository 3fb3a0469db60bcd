// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, managementToken, startBastionary } from './bastionary.mjs';
import { figuresOf } from './figures.mjs';
import { startGenerator } from './load/start-generator.mjs';
import { printTable, printVerdicts } from './report.mjs';
import { takeTurns } from './rounds.mjs';
import { basic } from './subject.mjs';
import { tokenJob } from './tokens.mjs';

const LIMIT_PER_SECOND = 200;
const OTHERS_PER_SECOND = 400;
const CONNECTIONS = 8;

/**
 * What other clients notice of one that sends five times what it may: their p99 beside the one while it keeps to its
 * limit, with the same load of their own.
 * @param {import('./options.mjs').Options} options
 * @param {string} folder
 * @param {import('./started.mjs').Started} started
 */
export async function limitsBench(options, folder, started) {
  const [generate, generateWild] = [await startGenerator(started), await startGenerator(started)];
  const { subject } = await startBastionary(folder, started);
  const { client_id: id, client_secret: secret } = JSON.parse(readFileSync(join(folder, 'admin-client.json'), 'utf8'));
  const bearer = await managementToken(subject.url, { id, secret });
  const wild = await createClient(subject.url, bearer, 'Wild', ['read', 'write'], {
    rate_limit: { requests: LIMIT_PER_SECOND, per_seconds: 1, burst: LIMIT_PER_SECOND },
  });
  const others = { ...tokenJob(subject, CONNECTIONS), rate: OTHERS_PER_SECOND };

  /** @param {string} name @param {number} times */
  const beside = (name, times) => ({
    name,
    subject,
    nextJob: (/** @type {number} */ seconds) => {
      // It goes on beside the measured ones, and is refused as it should be.
      const job = { ...tokenJob({ ...subject, owner: basic(wild) }, CONNECTIONS), rate: times * LIMIT_PER_SECOND };
      wildLoad = wildLoad
        .then(() => generateWild({ ...job, seconds }))
        .then((load) => void loads.push({ times, load }));
      return { ...others, seconds };
    },
  });
  /** @type {{ times: number, load: import('./load/generator.mjs').Load }[]} */
  const loads = [];
  let wildLoad = Promise.resolve();
  const contestants = [
    beside('the others, one client at its limit', 1),
    beside('the others, it sends five times that', 5),
  ];
  const measured = await takeTurns(contestants, options, generate);
  await wildLoad;
  const rows = contestants.map(({ name }, index) => ({ name, figures: figuresOf(measured[index]) }));
  const [calm, overloaded] = rows.map(({ figures }) => figures);
  const fivefold = loads.filter(({ times }) => times === 5);
  const served = fivefold.reduce((sum, { load }) => sum + load.requests - load.refused, 0);
  const due = fivefold.reduce((sum, { load }) => sum + LIMIT_PER_SECOND * (load.seconds + 1), 0);
  const verdicts = [
    { name: 'p99 of the others, overload : without', value: overloaded.p99 / calm.p99, atMost: 1.5 },
    { name: 'requests of the others refused or failed', value: calm.failed + overloaded.failed, atMost: 0 },
    { name: 'served to the overloading client : its limit', value: served / due, atMost: 1.01 },
  ];
  const each = `${options.rounds} rounds of ${options.seconds} s in turn, medians`;
  printTable(`Limits: ${OTHERS_PER_SECOND} requests/s of others, a limit of ${LIMIT_PER_SECOND}/s, ${each}`, rows);
  printVerdicts(verdicts);
  return { contestants: rows.map((row, index) => ({ ...row, rounds: measured[index] })), verdicts };
}
