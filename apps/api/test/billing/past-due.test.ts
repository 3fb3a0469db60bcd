import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inDays, Shop } from './support.js';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(() => shop.house.close());

const DAY = 86_400_000;
const NOTHING = { seats: 0, sso: false, tier: null };
const PRO = { seats: 10, sso: true, tier: 'pro' };
const subscribed = async (plan = 'pro', some: object = {}): Promise<{ customer: string; id: string }> => {
  const customer = await shop.customer();
  return { customer, id: (await shop.subscribe(customer, plan, some)).id };
};
const actions = async (id: string): Promise<string[]> => (await shop.actions(id)).slice(1);

describe('a payment that is due', () => {
  test('leaves everything as it is for the grace, and says until when', async () => {
    const { customer, id } = await subscribed();
    const { status, body } = await shop.change(id, { past_due: true });
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ state: 'past_due', past_due_since: expect.any(String), suspended_at: null }),
    ]);
    expect(Date.parse(body.grace_until) - Date.parse(body.past_due_since)).toBe(14 * DAY);
    expect(await shop.entitlements(customer)).toMatchObject({ features: PRO, valid_until: body.grace_until });
    // The grace is that of the first failure.
    expect((await shop.change(id, { past_due: true })).body).toEqual(body);

    const received = (await shop.change(id, { past_due: false })).body;
    expect(received).toMatchObject({ state: 'active', past_due_since: null, grace_until: null });
    expect(await shop.entitlements(customer)).toMatchObject({ features: PRO, valid_until: null });
    expect((await shop.change(id, { past_due: false })).body).toEqual(received);
    expect(await actions(id)).toEqual(['subscription.past_due', 'subscription.reinstated']);
  });

  test('who owes buys nothing more, may take less, and may cancel', async () => {
    const { customer, id } = await subscribed();
    await shop.change(id, { past_due: true });
    for (const body of [{ quantity: 2 }, { pause: true }]) {
      const refused = await shop.change(id, body);
      expect([refused.status, refused.body.code, refused.body.errors[0].code]).toEqual([
        409,
        'subscription_conflict',
        'payment_due',
      ]);
    }
    expect((await shop.change(id, { plan: 'basic' })).body).toMatchObject({ state: 'past_due', plan: 'basic@1' });
    expect((await shop.change(id, { cancel: true })).body.state).toBe('canceled');
    expect(await shop.features(customer)).toEqual(NOTHING);
    expect((await shop.change(id, { past_due: false })).body.state).toBe('canceled');
  });

  test('in a trial it is past due, and back in the trial once received', async () => {
    const { id } = await subscribed('pro', { trial_days: 30 });
    expect((await shop.change(id, { past_due: true })).body.state).toBe('past_due');
    expect((await shop.change(id, { past_due: false })).body.state).toBe('trialing');
  });

  test('a dry run tells that nothing is lost yet', async () => {
    const { id } = await subscribed();
    const { body } = await shop.change(id, { past_due: true }, '?dry_run=true');
    expect(body).toEqual({ customers_changed: 0, customers: [] });
    expect((await shop.subscription(id)).state).toBe('active');
  });

  test('takes effect at once, one thing at a time', async () => {
    const { id } = await subscribed();
    for (const [body, path] of [
      [{ past_due: true, at: inDays(1) }, '/at'],
      [{ past_due: true, suspend: true }, ''],
      [{ past_due: 'yes' }, '/past_due'],
    ] as const) {
      const answer = await shop.change(id, body);
      expect([answer.status, answer.body.errors[0].path]).toEqual([422, path]);
    }
  });
});

describe('an operator suspends and reinstates', () => {
  test('everything is gone, and back', async () => {
    const { customer, id } = await subscribed();
    expect((await shop.change(id, { suspend: true })).body).toMatchObject({
      state: 'suspended',
      suspended_at: expect.any(String),
    });
    expect(await shop.features(customer)).toEqual(NOTHING);
    expect((await shop.change(id, { suspend: false })).body).toMatchObject({ state: 'active', suspended_at: null });
    expect(await shop.features(customer)).toEqual(PRO);
    expect(await actions(id)).toEqual(['subscription.suspended', 'subscription.reinstated']);
  });

  test('a suspended one that owes is past due once reinstated, and not reinstated after the grace', async () => {
    const { customer, id } = await subscribed();
    await shop.change(id, { past_due: true });
    await shop.change(id, { suspend: true });
    expect((await shop.change(id, { suspend: false })).body.state).toBe('past_due');
    await shop.change(id, { suspend: true });
    await shop.house.sql(
      `UPDATE subscription SET past_due_since = past_due_since - interval '14 days',
        grace_until = grace_until - interval '14 days' WHERE id = $1`,
      [id],
    );
    const refused = await shop.change(id, { suspend: false });
    expect([refused.status, refused.body.errors[0].code]).toEqual([409, 'payment_due']);
    expect((await shop.change(id, { past_due: false })).body.state).toBe('suspended');
    expect((await shop.change(id, { suspend: false })).body.state).toBe('active');
    expect(await shop.features(customer)).toEqual(PRO);
  });
});
