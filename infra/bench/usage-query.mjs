// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { managementToken, startBastionary } from './bastionary.mjs';
import { printVerdicts } from './report.mjs';

const EVENTS = Number(process.env.BENCH_USAGE_EVENTS ?? 10_000_000);
const CUSTOMERS = 500;
const DAYS = 3 * 365;
/** Events of one transaction, as of one request. */
const CHUNK = 1_000;
/** Calls come in bursts of one customer, one a second. */
const BURST = 20;
/** An event is told at most so long after it happened. */
const LATEST_SECONDS = 3_600;
const ASKED = 60;
const DAY_MS = 86_400_000;
const PATIENCE_MS = 7_200_000;

/** @typedef {{ name: string, p50: number, p99: number, bare: number | null }} Row */

/**
 * GET /api/usage over three years of events of 500 customers, one request at a time, for the questions that people and
 * invoices ask; beside the bare scan of the same events in the same database.
 * @param {import('./options.mjs').Options} _options
 * @param {string} folder
 * @param {import('./started.mjs').Started} started
 */
export async function usageQueryBench(_options, folder, started) {
  const settings = { MANAGEMENT_RATE_PER_SECOND: '100000', MANAGEMENT_ADDRESS_RATE_PER_SECOND: '100000' };
  const { subject, post, databaseUrl } = await startBastionary(folder, started, settings);
  const { client_id: id, client_secret: secret } = JSON.parse(readFileSync(join(folder, 'admin-client.json'), 'utf8'));
  const { connect } = await import(new URL('../../prisma/dist/client.js', import.meta.url).href);
  const database = connect(databaseUrl, { applicationName: 'bench', poolSize: 1 });
  started.add(() => database.close());
  /** @type {(statement: string, values?: unknown[]) => Promise<any[]>} */
  const sql = async (statement, values = []) => (await database.pool.query(statement, values)).rows;

  const customers = [];
  for (let n = 0; n < CUSTOMERS; n++) {
    const body = { name: `Customer ${n}`, email: 'x@example.com', currency: 'EUR', time_zone: 'America/New_York' };
    customers.push((await post('/api/customers', body)).id);
  }
  const until = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const since = until - DAYS * DAY_MS;
  let begun = performance.now();
  await makeEvents(sql, customers, new Date(since));
  const made = (performance.now() - begun) / 1_000;

  // After the events, so that the fold has three years to go through.
  begun = performance.now();
  await post('/api/meters', { key: 'calls', event_type: 'call', aggregation: 'count', group_by: 'region' });
  await post('/api/meters', { key: 'bytes', event_type: 'call', aggregation: 'sum', property: 'bytes' });
  await post('/api/meters', { key: 'users', event_type: 'call', aggregation: 'unique', property: 'user' });
  for (;;) {
    started.signal.throwIfAborted();
    const [{ left }] = await sql('SELECT count(*)::int AS left FROM meter WHERE NOT backfilled');
    if (left === 0) break;
    if (performance.now() - begun > PATIENCE_MS) throw new Error('the fold did not end');
    await sleep(1_000);
  }
  const folded = (performance.now() - begun) / 1_000;
  await sql('ANALYZE usage_rollup');
  await sql('ANALYZE usage_key');
  // Only now: a fold of ten million events outlives an access token.
  const bearer = await managementToken(subject.url, { id, secret });

  const at = (/** @type {number} */ day) => new Date(since + day * DAY_MS).toISOString();
  const anyDay = (/** @type {number} */ last) => Math.floor(Math.random() * (DAYS - last));
  const span = (/** @type {number} */ days, day = anyDay(days)) => ({ from: at(day), to: at(day + days) });
  const ragged = () => {
    const { from, to } = span(30);
    return { from: from.replace('00.000Z', '17.123Z'), to: to.replace('00:00.000Z', '31:42.987Z') };
  };
  /** @type {[string, () => Record<string, string>, string | null][]} */
  const questions = [
    ['a month of a customer', () => ({ meter: 'calls', ...span(30) }), 'count(*)'],
    [
      'a month that begins and ends within a minute',
      () => ({ meter: 'bytes', ...ragged() }),
      "coalesce(sum((data->>'bytes')::numeric), 0)",
    ],
    ['different users of a month', () => ({ meter: 'users', ...span(30) }), "count(DISTINCT data->>'user')"],
    ['a month by day, of New York', () => ({ meter: 'bytes', ...span(30), window: 'day' }), null],
    ['a week by hour', () => ({ meter: 'calls', ...span(7), window: 'hour' }), null],
    [
      'three years by month',
      () => ({ meter: 'bytes', ...span(DAYS, 0), window: 'month' }),
      "coalesce(sum((data->>'bytes')::numeric), 0)",
    ],
    ['a month by region', () => ({ meter: 'calls', ...span(30), group_by: 'region' }), null],
  ];
  /** @type {Row[]} */
  const rows = [];
  for (const [name, question, scan] of questions) {
    const times = [];
    const bare = [];
    for (let asked = -5; asked < ASKED; asked++) {
      const customer = customers[Math.floor(Math.random() * CUSTOMERS)];
      const query = question();
      const before = performance.now();
      const answer = await fetch(`${subject.url}/api/usage?${new URLSearchParams({ customer, ...query })}`, {
        headers: { authorization: `Bearer ${bearer}` },
      });
      const body = /** @type {any} */ (await answer.json());
      // The first ones warm up.
      if (asked >= 0) times.push(performance.now() - before);
      if (!answer.ok) throw new Error(`${name} answered ${answer.status} ${JSON.stringify(body)}`);
      if (scan === null || asked < 0) continue;
      const then = performance.now();
      const [{ value }] = await sql(
        `SELECT ${scan}::text AS value FROM usage_event WHERE customer_id = $1 AND type = 'call' AND time >= $2 AND time < $3`,
        [customer, query.from, query.to],
      );
      bare.push(performance.now() - then);
      if (value !== body.total) throw new Error(`${name}: ${body.total}, and the events say ${value}`);
    }
    rows.push({
      name,
      p50: percentile(times, 0.5),
      p99: percentile(times, 0.99),
      bare: bare.length > 0 ? percentile(bare, 0.99) : null,
    });
  }
  const [{ rollups, size }] = await sql(
    'SELECT (SELECT count(*) FROM usage_rollup)::text AS rollups, pg_size_pretty(pg_database_size(current_database())) AS size',
  );
  console.log(
    `Usage queries: ${EVENTS} events of ${CUSTOMERS} customers over ${DAYS} days, made in ${made.toFixed(0)} s, the past of three meters folded in ${folded.toFixed(0)} s; ${rollups} rollups, ${size}\n`,
  );
  for (const { name, p50, p99, bare } of rows) {
    const scan = bare === null ? '' : `  bare scan p99 ${bare.toFixed(1)} ms`;
    console.log(`${name.padEnd(46)} p50 ${p50.toFixed(1).padStart(7)} ms  p99 ${p99.toFixed(1).padStart(7)} ms${scan}`);
  }
  console.log();
  const verdicts = rows.map(({ name, p99 }) => ({ name: `p99 of ${name}`, value: p99, unit: ' ms', atMost: 100 }));
  printVerdicts(verdicts);
  return { figures: { events: EVENTS, made, folded, rollups, rows }, verdicts };
}

/** @param {(statement: string, values?: unknown[]) => Promise<any[]>} sql @param {string[]} customers @param {Date} since */
async function makeEvents(sql, customers, since) {
  await sql(`SELECT make_usage_month($1::timestamptz + make_interval(months => n)) FROM generate_series(0, 37) AS n`, [
    since,
  ]);
  for (let first = 0; first < EVENTS; first += CHUNK) {
    await sql(
      `INSERT INTO usage_event (customer_id, type, time, seq, source, id, sent_by, data)
       SELECT ($1::text[])[1 + chance % ${CUSTOMERS}], 'call',
         $2::timestamptz + make_interval(secs => floor(${DAYS * 86_400}::float8 * burst * ${BURST} / ${EVENTS})
           - chance % ${LATEST_SECONDS} + n % ${BURST}), n, 'bench', n::text, 'bench',
         jsonb_build_object('bytes', floor(random() * 100000)::int, 'user', 'u' || floor(random() * 200)::int,
           'region', (ARRAY['eu', 'us', 'ap'])[1 + chance % 3])
       FROM generate_series($3::int, $4::int) AS n, LATERAL (SELECT n / ${BURST} AS burst) AS b,
         LATERAL (SELECT abs(hashint4(burst)::bigint)::int AS chance) AS c`,
      [customers, since, first, Math.min(EVENTS, first + CHUNK) - 1],
    );
  }
  await sql('ANALYZE usage_event').catch(() => undefined);
}

/** @param {number[]} times @param {number} share */
const percentile = (times, share) => times.toSorted((a, b) => a - b)[Math.ceil(times.length * share) - 1] ?? 0;
