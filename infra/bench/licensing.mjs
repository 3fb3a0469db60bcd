// @ts-check
import { join } from 'node:path';
import { startBastionary } from './bastionary.mjs';
import { cpuMicroseconds } from './cpu-time.mjs';
import { fillLicenses } from './licenses/fill.mjs';
import { startGenerator } from './load/start-generator.mjs';
import { printVerdicts } from './report.mjs';

const LARGE = Number(process.env.BENCH_LICENSES ?? 1_000_000);
const SMALL = Math.min(10_000, LARGE);
const MACHINES_EACH = 3;
const CONNECTIONS = 32;
/** Different licences that a round asks for: more than any cache of the database's holds at once. */
const ASKED = 50_000;
const JSON_API = 'application/vnd.api+json';
/** Far above what one address may ask for. */
const SETTINGS = { MANAGEMENT_ADDRESS_RATE_PER_SECOND: '1000000', MANAGEMENT_ADDRESS_RATE_BURST: '1000000' };

/** @typedef {{ name: string, licenses: number, rate: number, p50: number, p99: number, cpu: number, generatorShare: number }} Row */

/**
 * What programs with a licence ask for, over HTTP, signed answers and all: validation by key, heartbeats, activations;
 * among ten thousand licences and among a million of them, with three machines each.
 * @param {import('./options.mjs').Options} options
 * @param {string} folder
 * @param {import('./started.mjs').Started} started
 */
export async function licensingBench({ seconds, rounds }, folder, started) {
  /** @type {Row[]} */
  const rows = [];
  for (const licenses of new Set([SMALL, LARGE])) {
    rows.push(...(await measure(licenses, { seconds, rounds }, join(folder, String(licenses)), started)));
    await started.stopAll();
  }
  const of = (/** @type {string} */ name, /** @type {number} */ licenses) =>
    /** @type {Row} */ (rows.find((row) => row.name === name && row.licenses === licenses));
  const verdicts = [
    { name: 'validations by key/s', value: of('validate by key', LARGE).rate, atLeast: 5_000 },
    { name: 'validation by key, p99 ms', value: of('validate by key', LARGE).p99, atMost: 20 },
    { name: 'heartbeats/s', value: of('heartbeat', LARGE).rate },
    { name: 'activations/s', value: of('activation', LARGE).rate },
    ...['validate by key', 'heartbeat', 'activation'].map((name) => ({
      name: `growth of ${name}: time among ${LARGE} over that among ${SMALL}`,
      value: of(name, SMALL).rate / of(name, LARGE).rate,
      atMost: 1.3,
    })),
  ];
  printVerdicts(verdicts);
  return { rows, verdicts };
}

/**
 * @param {number} licenses
 * @param {{ seconds: number, rounds: number }} options
 * @param {string} folder
 * @param {import('./started.mjs').Started} started
 * @returns {Promise<Row[]>}
 */
async function measure(licenses, { seconds, rounds }, folder, started) {
  const { subject, post, databaseUrl } = await startBastionary(folder, started, SETTINGS);
  const policy = await post('/api/license-policies', {
    name: 'Floating',
    floating: true,
    strict: true,
    max_machines: 100_000,
    require_heartbeat: true,
    heartbeat_duration: 86_400,
    authentication_strategy: 'LICENSE',
  });
  const { connect } = await import(new URL('../../prisma/dist/client.js', import.meta.url).href);
  const database = connect(databaseUrl, { applicationName: 'bench', poolSize: 2 });
  started.add(() => database.close());
  const { keyOf, licenseOf, machineOf } = await fillLicenses(database.pool, policy.id, licenses, MACHINES_EACH);
  const generate = await startGenerator(started);
  const any = () => Math.floor(Math.random() * licenses);
  let fresh = 0;
  const headers = (/** @type {number} */ license) => ({ authorization: `License ${keyOf(license)}` });
  /** @type {[string, string, () => import('./load/requests.mjs').Request][]} */
  const kinds = [
    [
      'validate by key',
      '"valid":true',
      () => {
        const license = any();
        const scope = { fingerprint: `machine-${license}-0` };
        return {
          path: '/v1/licenses/actions/validate-key',
          body: JSON.stringify({ meta: { key: keyOf(license), scope } }),
        };
      },
    ],
    [
      'heartbeat',
      '"ALIVE"',
      () => {
        const license = any();
        return { path: `/v1/machines/${machineOf(license, 0)}/actions/ping`, headers: headers(license), body: '{}' };
      },
    ],
    [
      'activation',
      '"machines"',
      () => {
        const license = any();
        const attributes = { fingerprint: `fresh-${process.pid}-${fresh++}` };
        const relationships = { license: { data: { type: 'licenses', id: licenseOf(license) } } };
        return {
          path: '/v1/machines',
          headers: headers(license),
          body: JSON.stringify({ data: { type: 'machines', attributes, relationships } }),
        };
      },
    ],
  ];
  /** @type {Row[]} */
  const rows = [];
  for (const [name, expected, request] of kinds) {
    /** @type {(import('./load/generator.mjs').Load & { cpu: number })[]} */
    const loads = [];
    for (let round = 0; round <= rounds; round++) {
      const requests = Array.from({ length: ASKED }, request);
      const cpu = cpuMicroseconds(subject.pid);
      const load = await generate({
        url: subject.url,
        bodies: [],
        requests,
        contentType: JSON_API,
        connections: CONNECTIONS,
        // An activation is good once only.
        ...(name === 'activation' ? { amount: Math.min(ASKED, 800 * seconds) } : { seconds }),
        expected,
      });
      if (load.refused + load.wrong > 0)
        throw new Error(`${name}: ${load.refused + load.wrong} failed: ${load.failure}`);
      // The first one warms up.
      if (round > 0) loads.push({ ...load, cpu: (cpuMicroseconds(subject.pid) - cpu) / load.requests });
    }
    const median = (/** @type {(load: (typeof loads)[number]) => number} */ of) =>
      loads.map(of).toSorted((one, other) => one - other)[Math.floor(loads.length / 2)] ?? 0;
    const row = {
      name,
      licenses,
      rate: median((load) => load.requests / load.seconds),
      p50: median(({ p50 }) => p50),
      p99: median(({ p99 }) => p99),
      cpu: median((load) => load.cpu),
      generatorShare: median(({ generatorShare }) => generatorShare),
    };
    rows.push(row);
    console.log(
      `${licenses.toLocaleString('en')} licences, ${name}: ${Math.round(row.rate).toLocaleString('en')}/s, ` +
        `p50 ${row.p50.toFixed(1)} ms, p99 ${row.p99.toFixed(1)} ms, api ${Math.round(row.cpu)} µs CPU each, ` +
        `load ${Math.round(row.generatorShare * 100)} % of a core`,
    );
  }
  return rows;
}
