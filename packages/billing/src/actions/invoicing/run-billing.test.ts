import { createPlanRequest } from '@bastionary/contracts/plans';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Books, ORIGIN } from '../../test/books.js';
import { createPlan } from '../change-plans.js';
import { createSubscription } from '../create-subscription.js';
import { verifyInvoice, verifySeries } from '../documents/verify-documents.js';
import { createMeter } from '../metering/change-meters.js';
import { updateSubscription } from '../update-subscription.js';
import { createCoupon } from './coupons.js';
import { giveCoupon } from './customer-coupons.js';
import { type BillingMeans, runBilling } from './run-billing.js';

const CROWD = Number(process.env.BILLING_CROWD ?? 16);
const RUNS = 4;
const YEAR = new Date().getUTCFullYear() + 1;
const HOUR_MS = 3_600_000;
/** More than the grace of a draft. */
const GRACE_MS = 30 * HOUR_MS;

/** A day of the month so many months after the start. */
const day = (month: number, date = 1): Date => new Date(Date.UTC(YEAR, month, date));
const after = (at: Date, ms: number): Date => new Date(at.getTime() + ms);

let books: Books;
beforeAll(async () => {
  books = await Books.open(RUNS * 2 + 2);
  const calls = { key: 'calls', event_type: 'call', aggregation: 'count' as const, group_by: [], filters: [] };
  await books.act((tx) => createMeter(tx, ORIGIN, calls, 10, books.around.now));
  const monthly = { currency: 'EUR', interval: 'month' };
  const prices = [
    { ...monthly, key: 'seats', model: 'per_unit', unit_amount: '900' },
    { ...monthly, key: 'calls', model: 'per_unit', unit_amount: '10', meter: 'calls' },
  ];
  const plan = createPlanRequest.parse({ key: 'pro', name: 'Pro', publish: true, prices });
  await books.act((tx) => createPlan(tx, ORIGIN, plan, books.around.now));
  const coupon = { key: 'tenth', name: 'A tenth', percent: '10', duration: 'forever' as const };
  await books.act((tx) => createCoupon(tx, ORIGIN, coupon, books.around.now));
});
afterAll(() => books.close());

async function subscribe(quantity: number): Promise<{ id: string; customer: string }> {
  const customer = await books.customer();
  const wish = { customer_id: customer, plan: 'pro', quantity, add_ons: [] };
  const { row } = await books.act((tx) => createSubscription(tx, ORIGIN, wish, { ...books.around, now: day(0) }));
  return { id: row.id, customer };
}

let events = 0;
const use = (customer: string, at: Date) =>
  books.sql(
    `INSERT INTO usage_event (customer_id, type, time, seq, source, id, sent_by) VALUES ($1, 'call', $2, 0, 'test', $3, 'test')`,
    [customer, at, `event-${++events}`],
  );

const means = (lanes: number, chunk: number): BillingMeans => ({
  db: books.connection.db,
  separately: books.act,
  chunk,
  lanes,
  isTimeUp: () => false,
});

/** Runs until nothing is left to do, later each time as failures ask for. */
async function billAll(now: Date): Promise<void> {
  for (let again = 0; ; again++) {
    expect(again).toBeLessThan(20);
    const around = { ...books.around, now: after(now, again * 61_000) };
    const part = await runBilling(means(1, 10), around).catch((error: Error) => error);
    if (part instanceof Error) expect(part.message).toContain('fault at write');
    else if (part.failed > 0) expect(part.lastError).toContain('fault at write');
    else if (part.isDone && part.rescheduled === 0) return;
  }
}

/** Documents, their numbers, the books and what was told of them: each exists once. */
async function expectOneOfEach(documents: number): Promise<void> {
  expect(await verifySeries(books.connection.db, 'INV')).toEqual({
    ok: true,
    series: 'INV',
    documents,
    differences: [],
  });
  const [counts] = await books.sql(
    `SELECT count(*)::int AS invoices, count(DISTINCT (subscription_id, period_start))::int AS boundaries,
       count(*) FILTER (WHERE status = 'draft')::int AS drafts, max(sequence)::int AS last FROM invoice`,
  );
  expect(counts).toEqual({ invoices: documents, boundaries: documents, drafts: 0, last: documents });
  const told = await books.sql(
    `SELECT type, count(*)::int AS events, count(DISTINCT key || data)::int AS different FROM outbox_event
     WHERE type IN ('invoice.drafted', 'invoice.finalized') GROUP BY type ORDER BY type`,
  );
  expect(told).toEqual(
    ['invoice.drafted', 'invoice.finalized'].map((type) => ({ type, events: documents, different: documents })),
  );
  expect(await books.imbalance()).toEqual([]);
  const [wallet] = await books.sql(
    `SELECT (SELECT coalesce(-sum(amount), 0) FROM ledger_entry WHERE account = 'wallet')::text AS ledger,
       (SELECT coalesce(sum(remaining), 0) FROM wallet_credit)::text AS credits`,
  );
  expect(wallet.ledger).toBe(wallet.credits);
}

test(`${RUNS} runs at once over ${CROWD} subscriptions, in lanes: each is billed once`, async () => {
  const made: { id: string; customer: string }[] = [];
  for (let index = 0; index < CROWD; index++) made.push(await subscribe(1));
  for (const { customer } of made) await use(customer, day(0, 9));
  let documents = 0;
  for (const month of [0, 1]) {
    const run = (now: Date) => runBilling(means(2, 3), { ...books.around, now });
    for (const now of [day(month), after(day(month), GRACE_MS)]) {
      const parts = await Promise.all(Array.from({ length: RUNS }, () => run(now)));
      expect(parts.map(({ failed }) => failed)).toEqual(parts.map(() => 0));
      await billAll(now);
    }
    documents += CROWD;
    await expectOneOfEach(documents);
  }
  const totals = await books.sql(`SELECT DISTINCT total::int FROM invoice WHERE period_start = $1`, [day(1)]);
  expect(totals).toEqual([{ total: 910 }]);
  await books.sql('UPDATE subscription SET next_bill_at = NULL');
});

test('a fault at any statement of a run: after the retry each document is there once', async () => {
  const [{ documents: before }] = await books.sql('SELECT count(*)::int AS documents FROM invoice');
  const user = await subscribe(1);
  const seats = await subscribe(9);
  await books.act((tx) => giveCoupon(tx, ORIGIN, user.customer, { coupon: 'tenth' }, day(0)));
  await billAll(day(0));
  await billAll(after(day(0), GRACE_MS));

  // A sequence counts on whatever is rolled back; those of the numbers in `fault` fail.
  await books.sql(`
    CREATE TABLE fault (first int, last int);
    INSERT INTO fault VALUES (0, 0);
    CREATE SEQUENCE written;
    CREATE FUNCTION fail_at() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE number int := nextval('written');
    BEGIN
      IF EXISTS (SELECT FROM fault WHERE number BETWEEN first AND last) THEN RAISE EXCEPTION 'fault at write %', number; END IF;
      RETURN NULL;
    END $$`);
  for (const table of (await books.tables()).filter((name) => name !== 'fault' && name !== 'usage_event')) {
    await books.sql(
      `CREATE TRIGGER fail_at BEFORE INSERT OR UPDATE OR DELETE ON "${table}" FOR EACH STATEMENT EXECUTE FUNCTION fail_at()`,
    );
  }

  let month = 0;
  /** Bills while those writes fail. @returns whether any did */
  async function billWithFaults(now: Date, first: number, last: number): Promise<boolean> {
    await books.sql('UPDATE fault SET first = $1, last = $2', [first, last]);
    await books.sql('ALTER SEQUENCE written RESTART');
    await billAll(now);
    const [{ hit }] = await books.sql('SELECT last_value >= $1 AS hit FROM written', [first]);
    await books.sql('UPDATE fault SET first = 0, last = 0');
    return hit;
  }

  /** A month: those writes fail when it is drafted, and when it is made final. @returns whether any did, of each */
  async function withFaults(first: number, last: number): Promise<[boolean, boolean]> {
    const [begin, middle, end] = [day(month), day(month, 15), day(++month)];
    // Every second month gives more than it takes, and is paid from the wallet in the next.
    const quantity = month % 2 === 0 ? 9 : 1;
    const change = { quantity, at: middle.toISOString() };
    const around = { ...books.around, graceSeconds: 0, now: after(begin, 48 * HOUR_MS) };
    await books.act((tx) => updateSubscription(tx, ORIGIN, seats.id, change, undefined, around));
    await use(user.customer, middle);
    const drafting = await billWithFaults(end, first, last);
    // What comes late is on the draft that is made final: its lines are written again.
    await use(user.customer, middle);
    const finalizing = await billWithFaults(after(end, GRACE_MS), first, last);
    const made = await books.sql(
      `SELECT i.id, i.status, i.total < 0 AS gives, l.quantity::int AS calls FROM invoice i
       LEFT JOIN invoice_line l ON l.invoice_id = i.id AND l.price = 'calls' AND l.subscription_id = $2
       WHERE i.period_start = $1 AND i.subscription_id = ANY($3) ORDER BY i.subscription_id = $2`,
      [end, user.id, [user.id, seats.id]],
    );
    expect(made).toMatchObject([{ gives: quantity === 1 }, { status: 'open', calls: 2, gives: false }]);
    for (const { id } of made) {
      expect(await verifyInvoice(books.connection.db, id)).toMatchObject({ ok: true, differences: [] });
    }
    return [drafting, finalizing];
  }

  const faults = [0, 0];
  for (let number = 1; ; number++) {
    const hit = await withFaults(number, number);
    if (!hit.includes(true)) break;
    for (const [place, isHit] of hit.entries()) if (isHit) faults[place] = number;
  }
  expect(Math.min(...faults)).toBeGreaterThanOrEqual(15);
  // Nothing can be written for a while: neither one by one, nor that it failed.
  const outages: boolean[] = [];
  for (let first = 1; first <= Math.min(...faults); first += 8) outages.push(...(await withFaults(first, first + 9)));
  expect(outages.filter((isHit) => isHit).length).toBeGreaterThanOrEqual(4);
  await expectOneOfEach(before + 2 * (month + 1));
}, 300_000);
