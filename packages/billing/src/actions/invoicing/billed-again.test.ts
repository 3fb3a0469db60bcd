import { createPlanRequest } from '@bastionary/contracts/plans';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Books, ORIGIN } from '../../test/books.js';
import { createPlan } from '../change-plans.js';
import { createSubscription } from '../create-subscription.js';
import { finalizeMany } from '../documents/finalize-invoice.js';
import { voidInvoice } from '../documents/void-invoice.js';
import { updateSubscription } from '../update-subscription.js';
import { billSubscriptions, takeDue } from './bill-subscriptions.js';

let books: Books;
beforeAll(async () => {
  books = await Books.open();
  const prices = [{ key: 'base', model: 'flat', currency: 'EUR', amount: '1000' }];
  const plan = createPlanRequest.parse({ key: 'monthly', name: 'Monthly', prices, publish: true });
  await books.act((tx) => createPlan(tx, ORIGIN, plan, at('2024-12-01')));
});
afterAll(() => books.close());

const at = (day: string): Date => new Date(`${day}T00:00:00Z`);
const on = (day: string) => ({ ...books.around, now: at(day), graceSeconds: 0 });

async function subscribe(day: string): Promise<string> {
  const wish = { customer_id: await books.customer(), plan: 'monthly', quantity: 1, add_ons: [] };
  return books.act(async (tx) => (await createSubscription(tx, ORIGIN, wish, on(day))).row.id);
}

/** Bills every boundary until a day and makes it final then, as the billing run would. */
async function bill(subscription: string, day: string): Promise<void> {
  await books.act(async (tx) => {
    for (;;) {
      const due = await takeDue(tx, 10, at(day), [subscription]);
      if (due.length === 0) break;
      await billSubscriptions(tx, due, on(day));
    }
    const drafts = await tx.invoice.findMany({ where: { subscriptionId: subscription, status: 'draft' } });
    await finalizeMany(
      tx,
      ORIGIN,
      drafts.map(({ id }) => id),
      on(day),
    );
  });
}
const voidWith = (id: string, rebill: boolean, day: string) =>
  books.act((tx) => voidInvoice(tx, ORIGIN, id, { rebill }, on(day)));
const lines = async (subscription: string): Promise<unknown[]> =>
  (
    await books.sql(
      `SELECT to_char(i.finalized_at AT TIME ZONE 'UTC', 'MM-DD') AS final, i.status, l.amount::int,
         to_char(l.period_start AT TIME ZONE 'UTC', 'MM-DD') AS period
       FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id WHERE l.subscription_id = $1
       ORDER BY i.sequence, l.position`,
      [subscription],
    )
  ).map(({ final, status, amount, period }) => [final, status, period, amount]);
const invoiceOf = async (subscription: string, period: string): Promise<string> =>
  (
    await books.sql('SELECT id FROM invoice WHERE subscription_id = $1 AND period_start = $2', [subscription, period])
  )[0].id;

test('what a void invoice asked for is billed again once, however long its period is over', async () => {
  const subscription = await subscribe('2025-01-01');
  await bill(subscription, '2025-08-01');
  const [january, february] = [
    await invoiceOf(subscription, '2025-01-01'),
    await invoiceOf(subscription, '2025-02-01'),
  ];
  await voidWith(january, true, '2025-08-10');
  // Waived for good.
  await voidWith(february, false, '2025-08-10');
  await bill(subscription, '2025-10-01');
  const since = (await lines(subscription)).filter((line) => (line as string[])[0]?.startsWith('10'));
  expect(since).toEqual([
    ['10-01', 'open', '01-01', 1000],
    ['10-01', 'open', '09-01', 1000],
    ['10-01', 'open', '10-01', 1000],
  ]);
  // And again, when that is void too.
  const [again] = await books.sql(
    `SELECT invoice_id FROM invoice_line WHERE subscription_id = $1 AND period_start = '2025-01-01' AND invoice_id <> $2`,
    [subscription, january],
  );
  await voidWith(again.invoice_id, true, '2026-03-15');
  await bill(subscription, '2026-04-01');
  const last = (await lines(subscription)).filter((line) => (line as string[])[0] === '04-01') as unknown[][];
  expect(last.filter(([, status]) => status === 'open').map(([, , period]) => period)).toContain('01-01');
});

test('also of a subscription that has ended, for which no boundary is to come', async () => {
  const subscription = await subscribe('2025-01-01');
  await bill(subscription, '2025-02-15');
  await books.act((tx) => updateSubscription(tx, ORIGIN, subscription, { cancel: true }, undefined, on('2025-03-01')));
  await bill(subscription, '2025-03-02');
  const before = (await lines(subscription)).length;
  await bill(subscription, '2025-12-01');
  expect(await lines(subscription)).toHaveLength(before);
  await voidWith(await invoiceOf(subscription, '2025-01-01'), true, '2025-12-02');
  await bill(subscription, '2025-12-03');
  await bill(subscription, '2025-12-04');
  expect((await lines(subscription)).slice(before)).toEqual([['12-03', 'open', '01-01', 1000]]);
});
