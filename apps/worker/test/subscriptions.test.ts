import { json, managementToken } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Works } from './support.js';

const patience = { within: 40_000 };
let works: Works;
let token: string;
beforeAll(async () => {
  works = await Works.open();
  token = await managementToken(works.api);
  await post('/api/features', { key: 'seats', name: 'Seats', type: 'limit', combine: 'sum' });
  for (const [key, seats] of Object.entries({ small: 1, large: 9 })) {
    await post('/api/plans', { key, name: key, features: { seats }, publish: true });
  }
});
afterAll(() => works.close());

async function ask(method: string, path: string, body?: object) {
  const answer = await json(`${works.api.url}${path}`, { method, token, body });
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}
const post = (path: string, body: object) => ask('POST', path, body);
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
const actions = async (id: string): Promise<string[]> => {
  const rows = await works.sql('SELECT action FROM audit_log WHERE target = $1 ORDER BY seq', [`subscription:${id}`]);
  return rows.map(({ action }) => action);
};
const seats = async (customer: string): Promise<number> =>
  (await ask('GET', `/api/customers/${customer}/entitlements`)).features.seats;

async function subscribe(some: object = {}): Promise<{ customer: string; id: string }> {
  const customer = (await post('/api/customers', { name: 'C', email: 'c@example.com', currency: 'EUR' })).id;
  return { customer, id: (await post('/api/subscriptions', { customer_id: customer, plan: 'small', ...some })).id };
}

describe('what subscriptions become by themselves', () => {
  test('is written down once, in order, by two workers; the customer had it at its instant', async () => {
    // Late enough for all to be arranged before the first of it begins.
    const [start, larger, more, pause] = [8_000, 8_300, 8_600, 8_900].map(inMs);
    const { customer, id } = await subscribe({ start });
    await ask('PATCH', `/api/subscriptions/${id}`, { plan: 'large', at: larger });
    await ask('PATCH', `/api/subscriptions/${id}`, { quantity: 2, at: more });
    await ask('PATCH', `/api/subscriptions/${id}`, { pause: true, at: pause });
    const created = ['subscription.created', ...Array(3).fill('subscription.updated')];
    // Nobody is awake: what the customer has follows the clock all the same.
    await waitFor(
      'the pause to begin',
      async () => (await works.sql('SELECT now() > paused_from AS is FROM subscription WHERE id = $1', [id]))[0].is,
      patience,
    );
    expect(await seats(customer)).toBe(0);
    expect(await actions(id)).toEqual(created);
    const shown = await ask('GET', `/api/subscriptions/${id}`);
    expect(shown).toMatchObject({ state: 'paused', plan: 'large@1', quantity: 2, scheduled: [] });
    const history = (await ask('GET', `/api/customers/${customer}/entitlements/history`)).data;
    expect(history.map(({ features }: { features: { seats: number } }) => features.seats).slice(0, 4)).toEqual([
      0, 18, 9, 1,
    ]);

    await Promise.all([works.worker(), works.worker()]);
    const turns = [
      'subscription.started',
      'subscription.change_applied',
      'subscription.change_applied',
      'subscription.paused',
    ];
    await waitFor('it to be written down', async () => (await actions(id)).length >= 8, patience);
    expect(await actions(id)).toEqual([...created, ...turns]);
    expect(await ask('GET', `/api/subscriptions/${id}`)).toMatchObject({ ...shown, updated_at: expect.any(String) });
    const left = 'SELECT 1 FROM scheduled_change WHERE subscription_id = $1 AND applied_at IS NULL';
    expect(await works.sql(left, [id])).toEqual([]);
  });

  test('after months without a worker', async () => {
    const { customer, id } = await subscribe({ start: '2026-01-31T00:00:00Z' });
    await ask('PATCH', `/api/subscriptions/${id}`, { plan: 'large', at: inMs(86_400_000) });
    await ask('PATCH', `/api/subscriptions/${id}`, { cancel: true, at: inMs(2 * 86_400_000) });
    // As it would be had the clock run on for 90 days.
    await works.sql(
      [
        ['subscription', ['cancel_at', 'settled_at', 'next_change_at'], 'id'] as const,
        ['scheduled_change', ['at', 'created_at'], 'subscription_id'] as const,
        ['entitlement_grant', ['"from"', 'until'], 'source'] as const,
      ]
        .map(([table, columns, key]) => {
          const back = columns.map((column) => `${column} = ${column} - interval '90 days'`).join(', ');
          return `UPDATE ${table} SET ${back} WHERE ${key} = '${id}'`;
        })
        .join(';'),
    );
    await works.worker();
    await waitFor('it to be over', async () => (await actions(id)).at(-1) === 'subscription.canceled', patience);
    expect((await actions(id)).slice(-2)).toEqual(['subscription.change_applied', 'subscription.canceled']);
    expect(await ask('GET', `/api/subscriptions/${id}`)).toMatchObject({ state: 'canceled', plan: 'large@1' });
    expect(await seats(customer)).toBe(0);
    const [row] = await works.sql('SELECT next_change_at FROM subscription WHERE id = $1', [id]);
    expect(row.next_change_at).toBeNull();
  });

  test('suspended at the end of the grace, by the worker; what was paid then brings it back', async () => {
    for (const worker of works.workers.splice(0)) await worker.stop();
    const { customer, id } = await subscribe({ plan: 'large' });
    const due = await ask('PATCH', `/api/subscriptions/${id}`, { past_due: true });
    expect([due.state, await seats(customer)]).toEqual(['past_due', 9]);
    // As it would be had the clock run on for 15 days: the grace is 14.
    const passed = "interval '15 days'";
    await works.sql(
      `UPDATE subscription SET past_due_since = past_due_since - ${passed}, grace_until = grace_until - ${passed},
        settled_at = settled_at - ${passed}, next_change_at = next_change_at - ${passed} WHERE id = '${id}';
      UPDATE entitlement_grant SET "from" = "from" - ${passed}, until = until - ${passed} WHERE source = '${id}'`,
    );
    expect(await ask('GET', `/api/subscriptions/${id}`)).toMatchObject({ state: 'suspended', suspended_at: null });
    await works.worker();
    await waitFor(
      'it to be written down',
      async () => (await actions(id)).at(-1) === 'subscription.suspended',
      patience,
    );
    expect(await seats(customer)).toBe(0);
    expect(await ask('PATCH', `/api/subscriptions/${id}`, { past_due: false })).toMatchObject({ state: 'active' });
    expect(await seats(customer)).toBe(9);
    expect((await actions(id)).slice(1)).toEqual([
      'subscription.past_due',
      'subscription.suspended',
      'subscription.reinstated',
    ]);
  });
});
