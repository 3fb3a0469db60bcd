import { createPlanRequest, type UpdateSubscriptionRequest } from '@bastionary/contracts/plans';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Books, ORIGIN } from '../../test/books.js';
import { createPlan } from '../change-plans.js';
import { createSubscription } from '../create-subscription.js';
import { updateSubscription } from '../update-subscription.js';
import { tellPastMrr } from './tell-past-mrr.js';

let books: Books;
const lives: string[] = [];
beforeAll(async () => {
  books = await Books.open();
  await plan('seats', { model: 'per_unit', unit_amount: '1000' }, 14);
  await plan('yearly', { model: 'flat', amount: '120000', interval: 'year' });
  await plan('extra', { model: 'flat', amount: '300' }, 0, 'add_on');
  lives.push(
    await live('2025-01-01', 'seats', [
      ['2025-02-01', { quantity: 5 }],
      ['2025-03-01', { pause: true }],
      ['2025-03-11', { pause: false }],
      ['2025-04-01', { add_ons: [{ plan: 'extra', quantity: 2 }] }],
      ['2025-05-01', { plan: 'yearly' }],
      ['2025-06-15', { cancel: true }],
    ]),
    await live('2025-02-01', 'yearly', [['2025-07-01', { pause: true }]]),
    await live('2025-03-01', 'seats', [['2025-06-01', { quantity: 2, at: '2026-01-01T00:00:00Z' }]]),
    await live('2025-03-02', 'seats', [['2025-06-01', { cancel: true, at: '2026-02-01T00:00:00Z' }]]),
  );
});
afterAll(() => books.close());

const on = (day: string) => ({ ...books.around, now: new Date(`${day}T00:00:00Z`), graceSeconds: 0 });
const plan = (key: string, price: object, trial_days = 0, kind = 'plan') => {
  const prices = [{ key: 'base', currency: 'EUR', ...price }];
  const request = createPlanRequest.parse({ key, name: key, kind, prices, trial_days, publish: true });
  return books.act((tx) => createPlan(tx, ORIGIN, request, on('2024-12-01').now));
};

async function live(start: string, of: string, deeds: [string, UpdateSubscriptionRequest][]): Promise<string> {
  const wish = { customer_id: await books.customer(), plan: of, quantity: 1, add_ons: [] };
  const id = await books.act(async (tx) => (await createSubscription(tx, ORIGIN, wish, on(start))).row.id);
  for (const [day, deed] of deeds) {
    await books.act((tx) => updateSubscription(tx, ORIGIN, id, deed, undefined, on(day)));
  }
  return id;
}

const points = () =>
  books.sql(
    `SELECT subscription_id, at, amount::text, terms, currency, customer_id FROM mrr_point
     WHERE subscription_id = ANY($1) ORDER BY subscription_id, at`,
    [lives],
  );
const tell = (day: string, limit = 100) => books.act((tx) => tellPastMrr(tx, limit, on(day).now));

test('subscriptions without a point get those that would have been written at the time, once', async () => {
  const written = await points();
  expect(written.length).toBeGreaterThan(12);
  await books.sql('DELETE FROM mrr_point');
  expect(await tell('2025-08-01', 3)).toBe(3);
  expect(await tell('2025-08-01', 3)).toBe(1);
  expect(await points()).toEqual(written);
  expect(await tell('2025-08-02')).toBe(0);
  expect(await points()).toEqual(written);
});

test('one that is being changed waits; what goes on after it goes on from there', async () => {
  const [, paused = ''] = lives;
  await books.sql('DELETE FROM mrr_point WHERE subscription_id = $1', [paused]);
  await books.act(async (tx) => {
    await tx.$queryRaw`
      SELECT FROM customer WHERE id = (SELECT customer_id FROM subscription WHERE id = ${paused}) FOR UPDATE`;
    expect(await tell('2025-08-03')).toBe(0);
  });
  expect(await tell('2025-08-03')).toBe(1);
  await books.act((tx) => updateSubscription(tx, ORIGIN, paused, { pause: false }, undefined, on('2025-09-01')));
  const rows = await points();
  const told = rows.filter((row) => row.subscription_id === paused);
  expect(told.map(({ at, amount }) => [at.toISOString().slice(0, 10), amount])).toEqual([
    ['2025-02-01', '10000'],
    ['2025-07-01', '0'],
    ['2025-09-01', '10000'],
  ]);
});
