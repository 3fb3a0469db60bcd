// @ts-check
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBastionary } from './bastionary.mjs';
import { printVerdicts } from './report.mjs';

const EVENTS_EACH = 20;
/** Customers whose events come in one transaction, as from a client that sends a thousand at once. */
const AT_ONCE = 50;
const PATIENCE_MS = 1_800_000;
const MIB = 2 ** 20;

/** @typedef {(statement: string, values?: unknown[]) => Promise<any[]>} Sql */
/** @typedef {{ customers: number, seconds: number, rate: number, rss: number }} Round */

/**
 * The billing run over real processes: customers on a plan with a fee, seats and a meter, each with usage in the month that
 * ends; from the instant at which all are due until every invoice is final, numbered and in the books. Then twice as many.
 * @param {import('./options.mjs').Options} options
 * @param {string} folder
 * @param {import('./started.mjs').Started} started
 */
export async function billingRunBench({ customers }, folder, started) {
  // Nothing waits for late events, so that drafting and finalizing are both in the time.
  const settings = { INVOICE_GRACE_HOURS: '0' };
  const { post, databaseUrl, workerPid } = await startBastionary(folder, started, settings);
  const { connect } = await import(new URL('../../prisma/dist/client.js', import.meta.url).href);
  const database = connect(databaseUrl, { applicationName: 'bench', poolSize: 1 });
  started.add(() => database.close());
  /** @type {Sql} */
  const sql = async (statement, values = []) => (await database.pool.query(statement, values)).rows;

  await post('/api/meters', { key: 'calls', name: 'Calls', event_type: 'call', aggregation: 'count' });
  await post('/api/tax-rates', { key: 'vat', name: 'VAT', percent: '19' });
  const monthly = { currency: 'EUR', interval: 'month' };
  const tiers = [
    { up_to: '10', unit_amount: '10' },
    { up_to: null, unit_amount: '2.5' },
  ];
  const prices = [
    { ...monthly, key: 'base', model: 'flat', amount: '4900' },
    { ...monthly, key: 'seats', model: 'per_unit', unit_amount: '900' },
    { ...monthly, key: 'calls', model: 'graduated', meter: 'calls', tiers },
  ];
  await post('/api/plans', { key: 'pro', name: 'Pro', publish: true, prices });

  /** @type {Round[]} */
  const rounds = [];
  for (const [round, count] of [customers, customers * 2].entries()) {
    await makeCustomers(sql, round, count);
    await folded(sql, started);
    await sql('ANALYZE');
    rounds.push(await bill(sql, round, count, workerPid, started));
  }
  const [{ gaps, unbalanced }] = await sql(`
    SELECT (SELECT max(sequence) - count(*) FROM invoice WHERE sequence IS NOT NULL)::int AS gaps,
      (SELECT count(*) FROM (SELECT 1 FROM ledger_entry GROUP BY transaction_id, currency HAVING sum(amount) <> 0) u)::int
        AS unbalanced`);
  console.log(
    `Billing run: a fee, seats, ${EVENTS_EACH} events in two tiers and tax per invoice; drafts, numbers, hashes, books, events, audit\n`,
  );
  for (const { customers: count, seconds, rate, rss } of rounds) {
    console.log(
      `${String(count).padStart(7)} customers  ${seconds.toFixed(1).padStart(7)} s  ${rate.toFixed(0).padStart(5)} invoices/s  worker at most ${(rss / MIB).toFixed(0)} MiB`,
    );
  }
  console.log(`\nNumbers missing: ${gaps}; transactions that do not sum to zero: ${unbalanced}\n`);
  const [once, twice] = rounds;
  const verdicts = [
    { name: 'invoices per second', value: once.rate, atLeast: 300 },
    { name: 'time for twice the customers', value: twice.seconds / once.seconds, unit: ' times', atMost: 2 },
  ];
  printVerdicts(verdicts);
  return { figures: { rounds, gaps, unbalanced }, verdicts };
}

/** Customers whose month ends now, not due yet. @param {Sql} sql @param {number} round @param {number} count */
async function makeCustomers(sql, round, count) {
  const id = (/** @type {string} */ prefix) =>
    `'${prefix}_' || lpad(to_hex(${round}), 2, '0') || lpad(n::text, 24, '0')`;
  const of = `FROM generate_series(1, $1::int) AS n`;
  const begin = `date_trunc('month', now()) - interval '1 month'`;
  await sql(
    `INSERT INTO customer (id, name, email, currency, time_zone, created_at, updated_at)
     SELECT ${id('cus')}, 'Customer ' || n, 'x@example.com', 'EUR', 'UTC', now(), now() ${of}`,
    [count],
  );
  await sql(
    `INSERT INTO subscription (id, customer_id, start, anchor, time_zone, interval, interval_count, settled_at, billed_until,
       created_at, updated_at)
     SELECT ${id('sub')}, ${id('cus')}, ${begin}, ${begin}, 'UTC', 'month', 1, now(), ${begin}, now(), now() ${of}`,
    [count],
  );
  await sql(
    `INSERT INTO item_span (id, subscription_id, plan_key, plan_version, kind, quantity, anchor, "from")
     SELECT ${id('isp')}, ${id('sub')}, 'pro', 1, 'plan', 1 + n % 9, ${begin}, ${begin} ${of}`,
    [count],
  );
  await sql(`SELECT make_usage_month(${begin})`);
  for (let first = 1; first <= count; first += AT_ONCE) {
    await sql(
      `INSERT INTO usage_event (customer_id, type, time, seq, source, id, sent_by)
       SELECT ${id('cus')}, 'call', ${begin} + make_interval(mins => (n * 7 + event * 1447) % 40000), n, 'bench',
         '${round}-' || n || '-' || event, 'bench'
       FROM generate_series($1::int, $2::int) AS n, generate_series(1, ${EVENTS_EACH}) AS event`,
      [first, Math.min(count, first + AT_ONCE - 1)],
    );
  }
}

/** @param {Sql} sql @param {import('./started.mjs').Started} started */
async function folded(sql, started) {
  const begun = performance.now();
  for (;;) {
    started.signal.throwIfAborted();
    const [{ left }] = await sql(
      'SELECT (SELECT count(*) FROM usage_event WHERE xid >= (SELECT xid FROM usage_fold))::int AS left',
    );
    if (left === 0) return;
    if (performance.now() - begun > PATIENCE_MS) throw new Error(`${left} events were not folded`);
    await sleep(500);
  }
}

/**
 * @param {Sql} sql
 * @param {number} round
 * @param {number} count
 * @param {number} pid
 * @param {import('./started.mjs').Started} started
 * @returns {Promise<Round>}
 */
async function bill(sql, round, count, pid, started) {
  const some = `sub_${round.toString(16).padStart(2, '0')}%`;
  // The last number given says how many are final; counting them would be a load of its own.
  const numbered = async () => (await sql('SELECT coalesce(sum(last), 0)::int AS given FROM number_series'))[0].given;
  const before = await numbered();
  const begun = performance.now();
  await sql('UPDATE subscription SET next_bill_at = now() WHERE id LIKE $1', [some]);
  let rss = 0;
  for (let final = 0; final < count; final = (await numbered()) - before) {
    started.signal.throwIfAborted();
    if (performance.now() - begun > PATIENCE_MS) throw new Error(`${final} of ${count} invoices are final`);
    await sleep(250);
    rss = Math.max(rss, rssOf(pid));
  }
  const seconds = (performance.now() - begun) / 1_000;
  const [{ final, due }] = await sql(
    `SELECT (SELECT count(DISTINCT subscription_id) FROM invoice WHERE subscription_id LIKE $1 AND status <> 'draft')::int AS final,
       (SELECT count(*) FROM subscription WHERE id LIKE $1 AND next_bill_at <= now())::int AS due`,
    [some],
  );
  if (final !== count || due > 0) throw new Error(`${final} of ${count} subscriptions have an invoice, ${due} are due`);
  return { customers: count, seconds, rate: count / seconds, rss };
}

/** Bytes of memory that a process has. @param {number} pid */
const rssOf = (pid) =>
  process.platform === 'linux'
    ? Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+) kB/)?.[1] ?? 0) * 1_024
    : Number(spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()) * 1_024;
