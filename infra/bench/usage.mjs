// @ts-check
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { managementToken, startBastionary } from './bastionary.mjs';
import { cpuMicroseconds } from './cpu-time.mjs';
import { startGenerator } from './load/start-generator.mjs';
import { printVerdicts } from './report.mjs';

const CUSTOMERS = 100;
/** How events come: so many in a request, over so many connections, so many events for every second of a round. */
const WAYS = [
  { perRequest: 1, connections: 32, perSecond: 2_000 },
  { perRequest: 100, connections: 8, perSecond: 20_000 },
  { perRequest: 1_000, connections: 4, perSecond: 30_000 },
];
/** The least code that keeps the same rows: one statement, two connections, a plain table with the same key. */
const BARE_CONNECTIONS = 2;
const BARE_TABLE = `CREATE TABLE bare_event (source text, id text, customer_id text NOT NULL, type text NOT NULL,
  time timestamptz NOT NULL, subject text, data jsonb, PRIMARY KEY (source, id))`;
const BARE = `INSERT INTO bare_event SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[],
  $6::text[], $7::jsonb[]) ON CONFLICT DO NOTHING`;

/** @typedef {import('./load/event-sender.mjs').Sent & { rate: number, cpuPerEvent: number }} Ours */
/** @typedef {{ id: string, source: string, type: string, subject: string, time: string, data: object }} Event */

/**
 * Usage events per second over HTTP, durable, every tenth sent twice, beside the bare limit in the same database.
 * @param {import('./options.mjs').Options} options
 * @param {string} folder
 * @param {import('./started.mjs').Started} started
 */
export async function usageBench({ seconds, rounds }, folder, started) {
  const { subject, post, databaseUrl } = await startBastionary(folder, started, { USAGE_RATE_PER_SECOND: '1000000' });
  const { client_id: id, client_secret: secret } = JSON.parse(readFileSync(join(folder, 'admin-client.json'), 'utf8'));
  const bearer = await managementToken(subject.url, { id, secret });
  const customers = [];
  for (let n = 0; n < CUSTOMERS; n++) {
    const body = { name: `Customer ${n}`, email: 'x@example.com', currency: 'EUR', external_id: `customer-${n}` };
    customers.push((await post('/api/customers', body)).id);
  }
  const { connect } = await import(new URL('../../prisma/dist/client.js', import.meta.url).href);
  const database = connect(databaseUrl, { applicationName: 'bench', poolSize: BARE_CONNECTIONS });
  started.add(() => database.close());
  await database.pool.query(BARE_TABLE);
  /** @type {(sending: import('./load/event-sender.mjs').Sending) => Promise<import('./load/event-sender.mjs').Sent>} */
  const send = /** @type {any} */ (await startGenerator(started, 'event-sender.mjs'));

  /** @type {{ perRequest: number, connections: number, ours: Ours[], bare: number[] }[]} */
  const figures = [];
  for (const { perRequest, connections, perSecond } of WAYS) {
    const ours = [];
    const bare = [];
    for (let round = 0; round <= rounds; round++) {
      // The first one warms up.
      const amount = Math.ceil((round === 0 ? Math.min(seconds, 2) : seconds) * perSecond);
      bare.push(await insertBare(database.pool, split(eventsOf(amount, customers), perRequest)));
      const events = eventsOf(amount, customers);
      const bodies = split(events, perRequest).map((some) => JSON.stringify(perRequest === 1 ? some[0] : some));
      const cpu = cpuMicroseconds(subject.pid);
      const sent = await send({ url: `${subject.url}/api/usage/events`, bearer, bodies, connections });
      const distinct = new Set(events.map((event) => event.id)).size;
      if (sent.failed > 0 || sent.accepted !== distinct || sent.duplicate !== amount - distinct) {
        throw new Error(`Of ${amount} events ${JSON.stringify(sent)}; ${distinct} were to be accepted.`);
      }
      ours.push({ ...sent, rate: amount / sent.seconds, cpuPerEvent: (cpuMicroseconds(subject.pid) - cpu) / amount });
    }
    figures.push({ perRequest, connections, ours: ours.slice(1), bare: bare.slice(1) });
    print(perRequest, connections, ours.slice(1), bare.slice(1));
  }
  const [{ events, names }] = (
    await database.pool.query(`SELECT count(*)::int AS events, (SELECT count(*)::int FROM usage_event_key) AS names
      FROM usage_event WHERE source = 'bench'`)
  ).rows;
  console.log(`${events} events and ${names} names are kept\n`);
  const rate = (/** @type {number} */ way) => median(figures[way].ours.map((round) => round.rate));
  const limit = (/** @type {number} */ way) => median(figures[way].bare);
  const verdicts = [
    { name: 'events/s, 1 per request', value: rate(0) },
    { name: 'events/s, 100 per request', value: rate(1) },
    { name: 'events/s, 1,000 per request', value: rate(2), atLeast: 30_000 },
    { name: 'of the bare limit, 1 per request', value: rate(0) / limit(0) },
    { name: 'of the bare limit, 100 per request', value: rate(1) / limit(1), atLeast: 0.3 },
    { name: 'of the bare limit, 1,000 per request', value: rate(2) / limit(2), atLeast: 0.3 },
  ];
  printVerdicts(verdicts);
  return { figures, verdicts };
}

/**
 * @param {number} amount every tenth of them is the one before once more
 * @param {string[]} customers
 * @returns {Event[]}
 */
function eventsOf(amount, customers) {
  const time = new Date().toISOString();
  /** @type {Event[]} */
  const events = [];
  for (let n = 0; n < amount; n++) {
    const before = events.at(-1);
    const subject = String(customers[n % customers.length]);
    if (n % 10 === 9 && before) events.push(before);
    else
      events.push({
        id: randomUUID(),
        source: 'bench',
        type: 'api.call',
        subject,
        time,
        data: { path: '/v1/report', bytes: n },
      });
  }
  return events;
}

/** @template Item @param {Item[]} items @param {number} size @returns {Item[][]} */
const split = (items, size) =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));

/**
 * @param {{ query(statement: object): Promise<unknown> }} pool
 * @param {Event[][]} batches
 * @returns {Promise<number>} events per second
 */
async function insertBare(pool, batches) {
  const rows = batches.map((batch) => [
    batch.map(({ source }) => source),
    batch.map(({ id }) => id),
    batch.map(({ subject }) => subject),
    batch.map(({ type }) => type),
    batch.map(({ time }) => time),
    batch.map(({ subject }) => subject),
    batch.map(({ data }) => JSON.stringify(data)),
  ]);
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: BARE_CONNECTIONS }, async () => {
      for (let values = rows[next++]; values !== undefined; values = rows[next++]) {
        await pool.query({ name: 'bare', text: BARE, values });
      }
    }),
  );
  return batches.flat().length / ((performance.now() - began) / 1_000);
}

/**
 * @param {number} perRequest
 * @param {number} connections
 * @param {Ours[]} ours
 * @param {number[]} bare
 */
function print(perRequest, connections, ours, bare) {
  const whole = (/** @type {number} */ value) => Math.round(value).toLocaleString('en');
  const of = (/** @type {'rate' | 'p50' | 'p99' | 'cpuPerEvent' | 'generatorShare'} */ name) =>
    median(ours.map((round) => round[name]));
  console.log(
    `${whole(perRequest)} per request, ${connections} connections: ${whole(of('rate'))} events/s (${ours.map(({ rate }) => whole(rate)).join(', ')}), ` +
      `p50 ${of('p50').toFixed(1)} ms, p99 ${of('p99').toFixed(1)} ms, api ${of('cpuPerEvent').toFixed(1)} µs CPU per event, ` +
      `load ${Math.round(of('generatorShare') * 100)} % of a core; bare limit ${whole(median(bare))} (${bare.map(whole).join(', ')})`,
  );
}

/** @param {number[]} values */
const median = (values) => values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
