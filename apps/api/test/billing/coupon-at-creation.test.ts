import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { problem, Shop } from './support.js';

let shop: Shop;
const coupons = async (customer: string) =>
  (await shop.house.manage(`/api/customers/${customer}/billing`)).body.coupons;
beforeAll(async () => {
  shop = await Shop.open();
  await shop.post('/api/coupons', { key: 'welcome', name: 'Welcome', percent: '20', duration: 'once' });
  await shop.post('/api/coupons', { key: 'past', name: 'Past', percent: '50', duration: 'once' });
  await shop.post('/api/coupons/past/retire', {});
});
afterAll(() => shop.house.close());

describe('a coupon with a new subscription', () => {
  test('is of this subscription alone, and taken off its first invoice', async () => {
    const customer = await shop.customer();
    const { id } = await shop.subscribe(customer, 'basic', { coupon: 'welcome' });
    const other = await shop.subscribe(customer, 'basic');
    expect(await coupons(customer)).toMatchObject([
      { coupon: { key: 'welcome' }, subscription_id: id, discounted: [] },
    ]);
    const preview = (subscription: string) =>
      shop.post('/api/invoices/preview', { subscription_id: subscription, period: 'current' });
    expect(await preview(id)).toMatchObject({ subtotal: '1000', discount: '200', total: '800' });
    expect(await preview(other.id)).toMatchObject({ subtotal: '1000', discount: '0', total: '1000' });
    expect((await shop.house.audit(`customer:${customer}`)).map(({ action }) => action)).toEqual([
      'customer.created',
      'coupon.applied',
    ]);
  });

  test('that is given to nobody makes no subscription', async () => {
    const customer = await shop.customer();
    for (const coupon of ['past', 'nothing']) {
      const body = { customer_id: customer, plan: 'basic', coupon };
      const answer = await shop.house.manage('/api/subscriptions', { body });
      expect(problem(answer)).toEqual([422, 'invalid_request', ['/coupon', 'unknown_coupon']]);
    }
    expect((await shop.house.manage(`/api/subscriptions?customer_id=${customer}`)).body.data).toEqual([]);
    expect(await coupons(customer)).toEqual([]);
  });

  test('takes the permission to give coupons, and a dry run gives none', async () => {
    const customer = await shop.customer();
    const body = { customer_id: customer, plan: 'basic', coupon: 'welcome' };
    const token = await shop.house.accessToken(await shop.house.client({ scopes: ['subscriptions:write'] }));
    const refused = await shop.house.manage('/api/subscriptions', { body, token });
    expect([refused.status, refused.body.code]).toEqual([403, 'insufficient_scope']);
    expect(refused.headers.get('www-authenticate')).toContain('scope="billing:write"');
    expect((await shop.house.manage('/api/subscriptions?dry_run=true', { body })).status).toBe(200);
    expect(await coupons(customer)).toEqual([]);
  });
});
