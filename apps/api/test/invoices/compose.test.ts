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
const { amount: _amount, ...RHYTHM } = BASE;
const SEATS = { ...RHYTHM, key: 'seats', model: 'per_unit', unit_amount: '1000' };
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

describe('what changes within a period', () => {
  const change = (id: string, body: object) => office.ask('PATCH', `/api/subscriptions/${id}`, body);

  test('seats added: the rest of the old goes back, the new begins; both shares are told', async () => {
    const { id } = await subscribe([SEATS], { quantity: 3, start: daysAgo(15) });
    const { body } = await compose(id);
    expect(amounts(body)).toEqual([['charge', '3000']]);
    await office.post(`/api/invoices/${body.id}/finalize`);
    await change(id, { quantity: 5 });
    const { lines, total } = await preview(id);
    expect(lines).toMatchObject([
      { kind: 'proration', quantity: '3', amount: '-1500', explanation: { share: { unit: 'milliseconds' } } },
      { kind: 'charge', quantity: '5', amount: '2500' },
    ]);
    expect(total).toBe('1000');
  });

  test('canceled: what was paid for and is not served goes to the wallet, with its share of discount and tax', async () => {
    await office.post('/api/tax-rates', { key: 'vat-de', name: 'VAT', country: 'DE', percent: '19' });
    await office.post('/api/coupons', { key: 'half', name: 'Half', percent: '50', duration: 'once' });
    const { id, customer_id } = await subscribe([BASE], { start: daysAgo(15) }, { country: 'DE' });
    const given = await office.post(`/api/customers/${customer_id}/coupons`, { coupon: 'half' });
    const { body } = await compose(id);
    expect(body).toMatchObject({ subtotal: '2000', discount: '1000', tax: '190', total: '1190' });
    expect(body.taxes).toEqual([{ name: 'VAT', rate: '19', net: '1000', tax: '190', inclusive: false, note: null }]);
    await office.post(`/api/invoices/${body.id}/finalize`);
    expect((await office.get(`/api/customers/${customer_id}/billing`)).coupons).toEqual([
      { ...given, discounted: [{ invoice_id: body.id, amount: '1000' }] },
    ]);
    await change(id, { cancel: true });
    const credit = await compose(id);
    expect(credit.body).toMatchObject({ subtotal: '-1000', discount: '-500', tax: '-95', total: '-595' });
    expect(credit.body.anomalies.map(({ code }: Any) => code)).toContain('negative_total');
    const final = await office.post(`/api/invoices/${credit.body.id}/finalize`);
    expect(final).toMatchObject({ status: 'paid', total: '-595', amount_due: '0' });
    const { data } = await office.get(`/api/customers/${customer_id}/credits`);
    expect(data).toMatchObject([
      { amount: '595', remaining: '595', state: 'available', source: `invoice:${credit.body.id}` },
    ]);
  });

  test('a trial is free, and so is what is used in it', async () => {
    const { id, customer_id } = await subscribe([BASE, CALLS], { start: daysAgo(2), trial_days: 10 });
    await use(customer_id, 5, 1);
    expect(await preview(id)).toMatchObject({ lines: [], tax: '0', total: '0' });
    expect((await compose(id)).body.code).toBe('nothing_to_invoice');
    expect((await compose(id, 'previous')).body.code).toBe('nothing_to_invoice');
  });
});

describe('tax', () => {
  const total = async (customer: object, prices: object[] = [BASE]) => {
    const { id } = await subscribe(prices, { start: daysAgo(1) }, customer);
    const { tax, total: sum, taxes } = await preview(id);
    return { tax, total: sum, taxes };
  };
  test('by country, the rate of all others, reverse charge with its note, exempt, and prices that hold it', async () => {
    await office.post('/api/tax-rates', {
      key: 'vat-fr',
      name: 'TVA',
      country: 'FR',
      percent: '20',
      reverse_charge: true,
    });
    await office.post('/api/tax-rates', {
      key: 'vat-ch',
      name: 'MWST',
      country: 'CH',
      percent: '8.1',
      inclusive: true,
    });
    expect(await total({ country: 'FR' })).toMatchObject({
      tax: '400',
      total: '2400',
      taxes: [{ name: 'TVA', rate: '20' }],
    });
    expect(await total({ country: 'FR', tax_id: 'FR123' })).toEqual({
      tax: '0',
      total: '2000',
      taxes: [
        {
          name: 'Reverse charge',
          rate: null,
          net: '2000',
          tax: '0',
          inclusive: false,
          note: 'Reverse charge: the recipient is liable for the tax.',
        },
      ],
    });
    expect(await total({ country: 'CH' })).toMatchObject({ tax: '150', total: '2000', taxes: [{ net: '1850' }] });
    expect(await total({ country: 'US' })).toMatchObject({ tax: '0', total: '2000', taxes: [] });
    const { id, customer_id } = await subscribe([BASE], { start: daysAgo(1) }, { country: 'FR' });
    await office.ask('PATCH', `/api/customers/${customer_id}/billing`, { tax_status: 'exempt' });
    expect(await preview(id)).toMatchObject({ tax: '0', taxes: [{ name: 'Exempt', note: 'Exempt from tax.' }] });
    const again = await office.house.manage('/api/tax-rates', {
      body: { key: 'other', name: 'X', country: 'FR', percent: '1' },
    });
    expect([again.status, again.body.code]).toEqual([409, 'duplicate_tax_rate']);
  });
});

describe('the wallet', () => {
  test('credits pay by priority, then by expiry; what is left is told, taken back, and never goes below zero', async () => {
    const { id, customer_id } = await subscribe([BASE], { start: daysAgo(1) });
    const give = (body: object) =>
      office.post(`/api/customers/${customer_id}/credits`, { currency: 'EUR', reason: 'Welcome', ...body });
    const soon = new Date(Date.now() + 5 * DAY).toISOString();
    const last = await give({ amount: '5000', priority: 90 });
    const first = await give({ amount: '300', expires_at: soon });
    expect(first).toMatchObject({
      amount: '300',
      remaining: '300',
      source: 'manual',
      state: 'available',
      priority: 50,
    });
    expect(await preview(id)).toMatchObject({ total: '2000', credits_available: '2000', amount_due: '0' });
    const { body } = await compose(id);
    const final = await office.post(`/api/invoices/${body.id}/finalize`);
    expect(final).toMatchObject({ status: 'paid', credits_applied: '2000', amount_due: '0' });
    const { data } = await office.get(`/api/customers/${customer_id}/wallet-entries`);
    expect(data.map(({ kind, amount, credit_id }: Any) => [kind, amount, credit_id]).sort()).toEqual(
      [
        ['applied', '-1700', last.id],
        ['applied', '-300', first.id],
        ['granted', '300', first.id],
        ['granted', '5000', last.id],
      ].sort(),
    );
    const wallets = await office.get('/api/wallets?limit=100');
    expect(wallets.data.find((one: Any) => one.customer_id === customer_id)).toMatchObject({
      balance: '3300',
      expiring: '0',
    });
    const voided = await office.post(`/api/customers/${customer_id}/credits/${last.id}/void`);
    expect(voided).toMatchObject({ remaining: '0', state: 'void' });
    const used = await office.house.manage(`/api/customers/${customer_id}/credits/${first.id}/void`, {
      method: 'POST',
    });
    expect([used.status, used.body.code]).toEqual([409, 'credit_conflict']);
    expect(await office.books(customer_id)).toMatchObject({ promotion: '2000', revenue: '-2000' });
    const foreign = await office.house.manage(`/api/customers/${customer_id}/credits`, {
      body: { amount: '1', currency: 'USD', reason: 'x' },
    });
    expect([foreign.status, foreign.body.errors[0].code]).toEqual([422, 'other_currency']);
  });
});

describe('drafts', () => {
  test('lines by hand; a draft is held, released and withdrawn; what is final is not', async () => {
    const customer_id = await office.customer({ country: 'DE' });
    const lines = [
      { description: 'Setup', quantity: '1.5', unit_amount: '1001' },
      { description: 'Rebate', unit_amount: '-500' },
    ];
    const draft = await office.post('/api/invoices', { customer_id, lines });
    expect(draft).toMatchObject({
      scope: 'manual',
      subscription_id: null,
      subtotal: '1002',
      tax: '190',
      total: '1192',
    });
    const path = `/api/invoices/${draft.id}`;
    const finalize_at = new Date(Date.now() + DAY).toISOString();
    expect(new Date((await office.ask('PATCH', path, { finalize_at })).finalize_at).toISOString()).toBe(finalize_at);
    expect((await office.ask('PATCH', path, { finalize_at: null })).finalize_at).toBeNull();
    expect((await office.house.manage(path, { method: 'DELETE' })).status).toBe(204);
    expect((await office.house.manage(path)).status).toBe(404);
    const final = await office.post(
      `/api/invoices/${(await office.post('/api/invoices', { customer_id, lines })).id}/finalize`,
    );
    const refused = await office.house.manage(`/api/invoices/${final.id}`, { method: 'DELETE' });
    expect([refused.status, refused.body.code]).toEqual([409, 'invoice_conflict']);
  });
});
