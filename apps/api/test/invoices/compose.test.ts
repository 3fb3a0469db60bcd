import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Any, Office } from './support.js';

const DAY = 86_400_000;
/** Begins so that now lies in the middle of a period, and one is over. */
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY).toISOString();

let office: Office;
beforeAll(async () => {
  office = await Office.open({ SELLER_COUNTRY: 'DE' });
  await office.post('/api/meters', { key: 'calls', name: 'Calls', event_type: 'call', aggregation: 'count' });
});
afterAll(() => office.house.close());

let made = 0;
async function subscribe(prices: object[], some: object = {}, customer: object = {}): Promise<Any> {
  const key = `plan${++made}`;
  await office.post('/api/plans', { key, name: 'Pro', publish: true, prices });
  const customer_id = await office.customer(customer);
  return office.post('/api/subscriptions', { customer_id, plan: key, ...some });
}
const BASE = { key: 'base', model: 'flat', currency: 'EUR', interval: 'day', interval_count: 10, amount: '2000' };
const SEATS = { ...BASE, key: 'seats', model: 'per_unit', amount: undefined, unit_amount: '1000' };
const CALLS = {
  key: 'calls',
  model: 'graduated',
  currency: 'EUR',
  interval: 'day',
  interval_count: 10,
  meter: 'calls',
  tiers: [
    { up_to: '2', unit_amount: '100' },
    { up_to: null, unit_amount: '50' },
  ],
};
async function use(customer: string, count: number, days: number): Promise<void> {
  const time = daysAgo(days);
  const events = Array.from({ length: count }, () => ({
    id: `e${++made}`,
    source: 'test',
    type: 'call',
    subject: customer,
    time,
  }));
  const answer = await office.post('/api/usage/events', events);
  expect(answer.accepted).toBe(count);
}
const preview = (subscription_id: string, period = 'current') =>
  office.post('/api/invoices/preview', { subscription_id, period });
const compose = (subscription_id: string, period = 'current') =>
  office.house.manage('/api/invoices', { body: { subscription_id, period } });
const amounts = (document: Any): [string, string][] => document.lines.map(({ kind, amount }: Any) => [kind, amount]);

describe('an invoice of a period', () => {
  test('the preview says what the draft will; the same request is the same draft; finalized, nothing is left', async () => {
    const { id, customer_id } = await subscribe([BASE, CALLS], { start: daysAgo(15) });
    await use(customer_id, 3, 2);
    const seen = await preview(id);
    expect(seen).toMatchObject({
      subscription_id: id,
      customer_id,
      currency: 'EUR',
      subtotal: '2250',
      discount: '0',
      tax: '0',
      total: '2250',
      taxes: [],
      credits_available: '0',
      amount_due: '2250',
    });
    expect(seen.lines).toMatchObject([
      { id: null, price: 'base', kind: 'charge', quantity: '1', amount: '2000', description: 'Pro: base' },
      {
        price: 'calls',
        quantity: '3',
        amount: '250',
        explanation: {
          usage: { meter: 'calls', events: '3', quantity: '3' },
          steps: [{ kind: 'tier' }, { kind: 'tier' }],
          exact: '250',
          rounded: '250',
        },
      },
    ]);
    expect(await office.house.sql('SELECT 1 FROM invoice WHERE subscription_id = $1', [id])).toEqual([]);
    const first = await compose(id);
    expect([first.status, first.body]).toMatchObject([
      201,
      {
        status: 'draft',
        scope: 'period',
        number: null,
        total: '2250',
        finalize_at: null,
        anomalies: [{ code: 'first_invoice' }],
      },
    ]);
    expect(amounts(first.body)).toEqual(amounts(seen));
    await use(customer_id, 1, 1);
    const second = await compose(id);
    expect([second.status, second.body.id, second.body.total]).toEqual([201, first.body.id, '2300']);
    const final = await office.post(`/api/invoices/${first.body.id}/finalize`);
    expect(final).toMatchObject({ status: 'open', total: '2300', amount_due: '2300' });
    const again = await compose(id);
    expect([again.status, again.body.code]).toEqual([409, 'nothing_to_invoice']);
    expect((await preview(id)).lines).toEqual([]);
  });

  test('late usage of a closed period is an adjustment, in the tier it belongs to', async () => {
    const { id, customer_id } = await subscribe([BASE, CALLS], { start: daysAgo(15) });
    await use(customer_id, 2, 12);
    const { body } = await compose(id, 'previous');
    expect(amounts(body)).toEqual([
      ['charge', '2000'],
      ['charge', '200'],
    ]);
    await office.post(`/api/invoices/${body.id}/finalize`);
    await use(customer_id, 4, 11);
    const late = await preview(id, 'previous');
    expect(amounts(late)).toEqual([['adjustment', '200']]);
    expect(late.lines[0].explanation.corrects).toMatchObject({
      amount: '200',
      invoice: expect.stringMatching(/^INV-/),
    });
  });
});
