import { startApi } from '@bastionary/testing/api-process';
import { FakeStripe } from '@bastionary/testing/fake-stripe';
import { json } from '@bastionary/testing/http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';

let stripe: FakeStripe;
let house: House;
beforeAll(async () => {
  stripe = await FakeStripe.open();
  house = await House.open({ env: { ...stripe.env, STRIPE_TIMEOUT_MS: '1000' } });
});
afterAll(async () => {
  await house.close();
  await stripe.kill();
});

const URLS = { success_url: 'https://example.com/done', cancel_url: 'https://example.com/back' };
const events = (id: string) => house.sql('SELECT * FROM stripe_event WHERE id = $1', [id]);
const post = (payload: string, headers: Record<string, string>) =>
  json(`${house.api.url}/webhooks/stripe`, {
    method: 'POST',
    body: payload,
    headers: { 'content-type': 'application/json', ...headers },
  });
const deliver = (event: Parameters<FakeStripe['deliver']>[0]) =>
  stripe.deliver(event, `${house.api.url}/webhooks/stripe`);
let made = 0;
async function customer(): Promise<string> {
  const body = { name: 'Buyer', email: `buyer${++made}@example.com`, currency: 'EUR' };
  return (await house.manage('/api/customers', { body })).body.id;
}

describe('the settings', () => {
  test('a key without a webhook secret refuses to start, and says why', async () => {
    const started = startApi({ env: { ...stripe.env, STRIPE_WEBHOOK_SECRET: '' } });
    await expect(started).rejects.toThrow(/STRIPE_WEBHOOK_SECRET: is empty while STRIPE_SECRET_KEY is set/);
  });

  test('without a key everything else works, and the routes of Stripe say so', async () => {
    const plain = await House.open();
    try {
      const body = { name: 'Buyer', email: 'buyer@example.com', currency: 'EUR' };
      const { id } = (await plain.manage('/api/customers', { body })).body;
      const answers = [
        await plain.manage(`/api/customers/${id}/checkout`, { body: URLS }),
        await plain.manage(`/api/customers/${id}/billing-portal`, { body: {} }),
        await plain.manage('/webhooks/stripe', { body: {} }),
      ];
      for (const { status, body: told } of answers) {
        expect([status, told.code]).toEqual([409, 'stripe_not_connected']);
        expect(told.detail).toContain('Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET');
      }
      const status = await plain.manage(`/api/customers/${id}/stripe`);
      expect(status.body).toEqual({ connected: false, customer: null, attempts: [] });
    } finally {
      await plain.close();
    }
  });
});

describe('POST /webhooks/stripe', () => {
  const payload = JSON.stringify({
    id: 'evt_made_up',
    object: 'event',
    type: 'invoice.created',
    created: 1,
    data: { object: {} },
  });

  test('takes what Stripe signed, byte for byte, and keeps it once', async () => {
    const spaced = payload.replaceAll(',', ', ').replaceAll(':', ': ');
    const header = stripe.sign(spaced);
    for (let time = 1; time <= 3; time++) {
      const answer = await post(spaced, { 'stripe-signature': header });
      expect([answer.status, answer.body]).toEqual([200, { received: true }]);
    }
    expect(await events('evt_made_up')).toEqual([
      expect.objectContaining({ type: 'invoice.created', outcome: 'ignored', about: null }),
    ]);
  });

  const now = () => Math.floor(Date.now() / 1_000);
  const REFUSED: [string, (id: string) => [string, string | null]][] = [
    ['no signature', (text) => [text, null]],
    ['another secret', (text) => [text, stripe.sign(text, now(), 'whsec_other')]],
    ['the empty secret', (text) => [text, stripe.sign(text, now(), 'x').replace(/v1=.*/, 'v1=')]],
    ['signed too long ago', (text) => [text, stripe.sign(text, now() - 302)]],
    ['serialized again', (text) => [JSON.stringify(JSON.parse(text), null, 1), stripe.sign(text)]],
    ['one byte changed', (text) => [text.replace('"created":1', '"created":2'), stripe.sign(text)]],
  ];
  test.each(REFUSED)('refuses %s, and keeps nothing', async (_name, forge) => {
    const [text, header] = forge(payload.replace('evt_made_up', 'evt_forged'));
    const answer = await post(text, header === null ? {} : { 'stripe-signature': header });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_signature']);
    expect(await events('evt_forged')).toEqual([]);
  });

  test('an event of the second kind is taken and says nothing', async () => {
    const thin = JSON.stringify({ id: 'evt_thin', object: 'v2.core.event', type: 'v1.billing.meter.no_meter_found' });
    const answer = await post(thin, { 'stripe-signature': stripe.sign(thin) });
    expect([answer.status, await events('evt_thin')]).toEqual([200, []]);
  });

  test('twenty at once are one: kept once, handled once', async () => {
    const id = await customer();
    const { url } = (await house.manage(`/api/customers/${id}/checkout`, { body: URLS })).body;
    stripe.account.completeSession(url.split('/').at(-1));
    const event = stripe.account.events.findLast(({ type }) => type === 'checkout.session.completed');
    if (event === undefined) throw new Error('no event');
    const statuses = await Promise.all(Array.from({ length: 20 }, () => deliver(event)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await events(event.id)).toEqual([expect.objectContaining({ outcome: 'applied' })]);
    const changes = (await house.audit(`customer:${id}`)).filter(
      ({ action }) => action === 'customer.payment_method_changed',
    );
    expect(changes).toEqual([
      expect.objectContaining({
        actor: 'system:stripe',
        detail: { payment_method: { type: 'card', brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2034 } },
      }),
    ]);
  });

  test('what cannot be looked up now is kept, and Stripe hears that it was not handled', async () => {
    const id = await customer();
    const { url } = (await house.manage(`/api/customers/${id}/checkout`, { body: URLS })).body;
    stripe.account.completeSession(url.split('/').at(-1));
    const event = stripe.account.events.findLast(({ type }) => type === 'payment_method.attached');
    if (event === undefined) throw new Error('no event');
    stripe.failNext('GET', /customers/, { status: 500, done: false });
    expect(await deliver(event)).toBe(503);
    expect(await events(event.id)).toEqual([expect.objectContaining({ handled_at: null, tries: 1 })]);
    expect(await deliver(event)).toBe(200);
    expect(await events(event.id)).toEqual([expect.objectContaining({ outcome: 'applied', error: null })]);
    const { body } = await house.manage(`/api/customers/${id}/stripe`);
    expect(body.customer.payment_method.last4).toBe('4242');
  });

  test('what belongs to somebody else on the same account changes nothing', async () => {
    const other = stripe.account.createCustomer({ name: 'Other', email: 'other@example.com' });
    const intent = stripe.account.createIntent({ amount: 500, currency: 'eur', customer: other.id, metadata: {} });
    stripe.account.succeed(intent);
    for (const event of stripe.account.events.slice(-4)) expect(await deliver(event)).toBe(200);
    const outcomes = await house.sql('SELECT outcome FROM stripe_event WHERE object_id = ANY($1)', [
      [intent.id, other.id],
    ]);
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['foreign']));
    expect(await house.sql('SELECT * FROM payment')).toEqual([]);
  });
});

describe('pages of Stripe for a customer', () => {
  test('a checkout for a payment method, the same for the same Idempotency-Key', async () => {
    const id = await customer();
    const headers = { 'idempotency-key': 'once' };
    const [first, again] = [
      await house.manage(`/api/customers/${id}/checkout`, { body: URLS, headers }),
      await house.manage(`/api/customers/${id}/checkout`, { body: URLS, headers }),
    ];
    expect(first.status).toBe(200);
    expect(first.body).toEqual({ url: expect.stringContaining(`${stripe.url}/c/pay/cs_test_`) });
    expect(again.body).toEqual(first.body);
    const other = { ...URLS, cancel_url: 'https://example.com/elsewhere' };
    const differs = await house.manage(`/api/customers/${id}/checkout`, { body: other, headers });
    expect([differs.status, differs.body.code]).toEqual([422, 'idempotency_key_reused']);
    const session = stripe.account.session(first.body.url.split('/').at(-1));
    expect(session).toMatchObject({ mode: 'setup', currency: 'eur', ...URLS, metadata: { bastionary_customer: id } });
    expect(stripe.account.customer(String(session.customer))).toMatchObject({
      email: `buyer${made}@example.com`,
      metadata: { bastionary_customer: id },
    });
  });

  test('the billing portal', async () => {
    const id = await customer();
    const body = { return_url: 'https://example.com/account' };
    const answer = await house.manage(`/api/customers/${id}/billing-portal`, { body });
    expect([answer.status, answer.body]).toEqual([200, { url: expect.stringContaining('/p/session/bps_') }]);
  });

  test('one customer at Stripe, though the answer that made it got lost', async () => {
    const id = await customer();
    stripe.failNext('POST', /^\/v1\/customers$/, 'lose_reply', 2);
    const lost = await house.manage(`/api/customers/${id}/billing-portal`, { body: {} });
    expect([lost.status, lost.body.code]).toEqual([502, 'stripe_unavailable']);
    stripe.forgetIdempotencyKeys();
    const answer = await house.manage(`/api/customers/${id}/billing-portal`, { body: {} });
    expect(answer.status).toBe(200);
    const theirs = [...stripe.account.customers.values()].filter(({ metadata }) => metadata.bastionary_customer === id);
    expect(theirs).toHaveLength(1);
  });

  test.each([
    [{ ...URLS, success_url: 'javascript:alert(1)' }, '/success_url'],
    [{ success_url: URLS.success_url }, '/cancel_url'],
    [{ ...URLS, amount: '1' }, '/amount'],
  ])('refused: %j', async (body, path) => {
    const answer = await house.manage(`/api/customers/${await customer()}/checkout`, { body });
    expect([answer.status, answer.body.errors[0].path]).toEqual([422, path]);
  });

  test('nobody’s id is not found, and nothing is made at Stripe', async () => {
    const before = stripe.requests.length;
    const answer = await house.manage('/api/customers/cus_00000000000000000000000000/checkout', { body: URLS });
    expect([answer.status, answer.body.code, stripe.requests.length]).toEqual([404, 'not_found', before]);
  });
});
