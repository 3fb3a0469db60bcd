import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DunningStep } from '../../rules/collection/dunning.js';
import { Books, ORIGIN } from '../../test/books.js';
import { armFaults, type Deed, failEverywhere } from '../../test/faults.js';
import { recordPayment } from '../documents/record-payment.js';
import { voidInvoice } from '../documents/void-invoice.js';
import { dueForDunning, takeDunningStep } from './dun-invoices.js';
import { updateDunningPolicy } from './dunning-policy.js';

const WORKERS = 20;
const HOUR_MS = 3_600_000;
const STEPS: DunningStep[] = [
  { act: 'remind', afterSeconds: 3_600 },
  { act: 'past_due', afterSeconds: 7_200 },
  { act: 'suspend', afterSeconds: 10_800 },
];
const [REMINDED, PAST_DUE, SUSPENDED] = [1, 2, 3];

let books: Books;
beforeAll(async () => {
  books = await Books.open(WORKERS);
  const steps = STEPS.map(({ act, afterSeconds }) => ({ act, after_seconds: afterSeconds }));
  await books.act((tx) => updateDunningPolicy(tx, ORIGIN, { steps }, undefined, books.around.now));
  await armFaults(books);
});
afterAll(() => books.close());

interface Owing {
  readonly id: string;
  readonly customerId: string;
  readonly dueAt: Date;
}

/** After so many hours overdue. */
const around = ({ dueAt }: Owing, hours: number) => ({
  ...books.around,
  now: new Date(dueAt.getTime() + hours * HOUR_MS),
  isMailed: true,
});
const step = (owing: Owing, hours: number) =>
  books.act((tx) => takeDunningStep(tx, owing, STEPS, around(owing, hours)));

/** Somebody whose subscription is not paid, after so many steps. */
async function owing(taken: number): Promise<Owing> {
  const customerId = await books.customer();
  const id = await books.invoice(customerId, [{ amount: 10_000 }], await books.subscription(customerId));
  const [{ due_at: dueAt }] = await books.sql('SELECT due_at FROM invoice WHERE id = $1', [id]);
  const made = { id, customerId, dueAt };
  for (let hours = 1; hours <= taken; hours++) expect(await step(made, hours)).toBe(true);
  return made;
}

/** What there is of somebody: steps taken, told to others, written to him; whether he still has what he bought. */
async function standing({ id, customerId }: Owing) {
  const [row] = await books.sql(
    `SELECT status, dunning_step AS steps, next_dunning_at IS NULL AS "isOver",
       (SELECT count(*)::int FROM outbox_event WHERE type = 'invoice.dunned' AND data::json->>'invoice_id' = $1) AS events,
       (SELECT count(*)::int FROM audit_log WHERE action = 'invoice.dunned' AND target = 'invoice:' || $1) AS records,
       (SELECT count(*)::int FROM mail_message WHERE about = 'invoice:' || $1) AS letters,
       (SELECT past_due_since IS NOT NULL FROM subscription WHERE customer_id = $2) AS "isPastDue",
       (SELECT body::json->'features'->>'api' FROM entitlement_snapshot WHERE customer_id = $2) AS api
     FROM invoice WHERE id = $1`,
    [id, customerId],
  );
  return row;
}
const after = (steps: number) => ({
  status: 'open',
  steps,
  isOver: steps === STEPS.length,
  events: steps,
  records: steps,
  letters: steps,
  isPastDue: steps >= PAST_DUE,
  api: String(steps < SUSPENDED),
});
const restored = (steps: number, status: string) => ({
  ...after(steps),
  status,
  isOver: true,
  isPastDue: false,
  api: 'true',
});

const dun =
  (owing: Owing, hours: number): Deed =>
  (tx) =>
    takeDunningStep(tx, owing, STEPS, around(owing, hours));
const pay =
  (owing: Owing): Deed =>
  (tx) => {
    const receipt = { invoiceId: owing.id, amount: 10_000n, provider: 'manual' as const, reference: owing.id };
    return recordPayment(tx, ORIGIN, { ...receipt, receivedAt: owing.dueAt }, around(owing, 4));
  };
const annul =
  (owing: Owing): Deed =>
  (tx) =>
    voidInvoice(tx, ORIGIN, owing.id, { rebill: false }, around(owing, 4));

/** Name, the least number of statements that write, the steps taken before, the deed, and what is so after it. */
const DEEDS: [string, number, number, (owing: Owing) => Deed, object][] = [
  ['the reminder', 4, 0, (owing) => dun(owing, 1), after(REMINDED)],
  ['the step past due', 12, 1, (owing) => dun(owing, 2), after(PAST_DUE)],
  ['the suspension', 6, 2, (owing) => dun(owing, 3), after(SUSPENDED)],
  ['the payment of what was only reminded of', 6, 1, pay, restored(REMINDED, 'paid')],
  ['the payment that takes back the warning', 14, 2, pay, restored(PAST_DUE, 'paid')],
  ['the payment that gives back the rights', 14, 3, pay, restored(SUSPENDED, 'paid')],
  ['the annulment that gives back the rights', 14, 3, annul, restored(SUSPENDED, 'void')],
];

test.each(DEEDS)(
  'a fault at any statement of %s changes nothing and sends nothing; the retry does it, once',
  async (_name, least, taken, deedOf, outcome) => {
    const late = await owing(taken);
    const deed = deedOf(late);
    expect(await failEverywhere(books, deed)).toBeGreaterThanOrEqual(least);
    expect(await standing(late)).toEqual(outcome);
    expect(await books.imbalance()).toEqual([]);
    const done = await books.digest();
    await books.act(deed);
    expect(await books.digest()).toBe(done);
  },
);

/** One run of the clock: what is due, each in a transaction of its own. */
async function run(now: Date, isMine: (id: string) => boolean): Promise<number> {
  const surroundings = { ...books.around, now, isMailed: true };
  let taken = 0;
  for (const due of (await dueForDunning(books.connection.db, STEPS, now, 200)).filter(({ id }) => isMine(id))) {
    if (await books.act((tx) => takeDunningStep(tx, due, STEPS, surroundings))) taken++;
  }
  return taken;
}

test(`${WORKERS} workers at once, twice over, take each step once`, async () => {
  const late = await owing(0);
  for (const taken of [REMINDED, PAST_DUE, SUSPENDED]) {
    const { now } = around(late, taken);
    const runs = Array.from({ length: WORKERS }, () => run(now, (id) => id === late.id));
    expect((await Promise.all(runs)).reduce((sum, one) => sum + one)).toBe(1);
    expect(await standing(late)).toEqual(after(taken));
    const done = await books.digest();
    const again = Array.from({ length: WORKERS }, () => step(late, taken));
    expect((await Promise.all(again)).filter(Boolean)).toEqual([]);
    expect(await books.digest()).toBe(done);
  }
});

test('a payment among the workers: whatever comes first, he has paid and has his rights', async () => {
  for (const taken of [0, 1, 2]) {
    const late = await owing(taken);
    const workers = Array.from({ length: WORKERS - 1 }, () => step(late, taken + 1));
    const middle = books.act(pay(late));
    const steps = (await Promise.all(workers)).filter(Boolean).length;
    await middle;
    expect(steps).toBeLessThanOrEqual(1);
    expect(await standing(late)).toEqual(restored(taken + steps, 'paid'));
  }
});
