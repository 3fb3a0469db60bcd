import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Till } from './till.js';

let till: Till;
beforeAll(async () => {
  till = await Till.open({ STRIPE_RETRY_HOURS: '24,72' });
  await till.works.worker();
});
afterAll(() => till.close());

const intents = (invoiceId: string) =>
  [...till.stripe.account.intents.values()].filter(({ metadata }) => metadata.bastionary_invoice === invoiceId);
const isPaid = (invoiceId: string) =>
  waitFor('a paid invoice', async () => (await till.invoiceNow(invoiceId)).status === 'paid', { within: 20_000 });
const asked = (key: string) =>
  till.stripe.requests.filter(({ method, idempotencyKey }) => method === 'POST' && idempotencyKey === key).length;

describe('a finalized invoice is collected', () => {
  test('at once, with our ids at Stripe, and the payment is booked once', async () => {
    const { id, stripeId } = await till.payingCustomer();
    const invoice = await till.invoice(id, 1999);
    await isPaid(invoice);
    const [intent] = intents(invoice);
    expect(intent).toMatchObject({ amount: 1999, currency: 'eur', customer: stripeId, status: 'succeeded' });
    const [attempt] = await till.attemptsDone(invoice);
    expect(attempt).toMatchObject({
      number: 1,
      kind: 'off_session',
      amount: '1999',
      state: 'succeeded',
      payment_intent: intent?.id,
      idempotency_key: `bastionary-${invoice}-1`,
      tries: 1,
    });
    expect(intent?.metadata).toEqual({ bastionary_invoice: invoice, bastionary_attempt: attempt.id });
    expect(await till.payments(invoice)).toEqual([
      expect.objectContaining({ provider: 'stripe', reference: intent?.id, amount: '1999', currency: 'EUR' }),
    ]);
    expect(await till.books(id)).toEqual({ cash: 1999, receivable: 0, revenue: -1999 });
  });

  test('not without a payment method; as soon as there is one', async () => {
    const id = await till.customer();
    const invoice = await till.invoice(id, 500);
    const other = await till.payingCustomer();
    await isPaid(await till.invoice(other.id, 500));
    expect(await till.attempts(invoice)).toEqual([]);
    await till.leaveCard(id, 'success');
    await isPaid(invoice);
  });

  test('not of who pays by himself, until he does not any more', async () => {
    const { id } = await till.payingCustomer();
    const profile = (collection: string) =>
      till.works.manage(`/api/customers/${id}/billing`, { method: 'PATCH', body: { collection } });
    expect((await profile('manual')).status).toBe(200);
    const invoice = await till.invoice(id, 900);
    const other = await till.payingCustomer();
    await isPaid(await till.invoice(other.id, 900));
    expect(await till.attempts(invoice)).toEqual([]);
    await profile('automatic');
    await isPaid(invoice);
  });

  test('declined: told, tried again after its pause, and at once with another card', async () => {
    const { id } = await till.payingCustomer('decline');
    const invoice = await till.invoice(id, 700);
    const declined = await till.attemptIn(invoice, 'declined');
    expect(declined).toMatchObject({ failure_code: 'insufficient_funds', number: 1 });
    const pause = declined.next_try_at.getTime() - declined.ended_at.getTime();
    expect(pause).toBe(24 * 3_600_000);
    const [event] = await till.works.sql(
      `SELECT data FROM outbox_event WHERE type = 'payment.failed' AND customer_id = $1`,
      [id],
    );
    expect(JSON.parse(event.data)).toMatchObject({ invoice_id: invoice, amount: '700', reason: 'insufficient_funds' });
    await till.works.sql(`UPDATE stripe_attempt SET next_try_at = now() WHERE id = $1`, [declined.id]);
    await waitFor('the second try', async () => (await till.attemptsDone(invoice)).length === 2);
    await till.leaveCard(id, 'success');
    await isPaid(invoice);
    expect((await till.attemptsDone(invoice)).map(({ number, state }) => [number, state])).toEqual([
      [1, 'declined'],
      [2, 'declined'],
      [3, 'succeeded'],
    ]);
    expect(await till.payments(invoice)).toHaveLength(1);
  });

  test('a card that wants its holder is not tried again; the holder pays on a page', async () => {
    const { id } = await till.payingCustomer('requires_action');
    const invoice = await till.invoice(id, 900);
    const attempt = await till.attemptIn(invoice, 'declined');
    expect(attempt).toMatchObject({ failure_code: 'authentication_required', next_try_at: null });
    const page = await till.page(id, invoice);
    expect(await till.page(id, invoice)).toBe(page);
    till.stripe.account.completeSession(page, 'requires_action');
    await till.tell('payment_intent.succeeded');
    await isPaid(invoice);
    expect(await till.attempts(invoice)).toEqual([
      expect.objectContaining({ number: 1, state: 'declined' }),
      expect.objectContaining({ number: 2, state: 'succeeded', kind: 'checkout' }),
    ]);
  });

  test('what Stripe does not take is not asked again, and told', async () => {
    const { id } = await till.payingCustomer();
    const invoice = await till.invoice(id, 49);
    const attempt = await till.attemptIn(invoice, 'refused');
    expect(attempt).toMatchObject({ failure_code: 'amount_too_small', tries: 1, next_try_at: null });
  });
});

describe('an answer that got lost', () => {
  const FAULTS = [
    ['done, and the reply lost', 'lose_reply'],
    ['never arrived', 'lose_request'],
    ['too late', { delayMs: 1_500 }],
    ['500, though it was done', { status: 500, done: true }],
    ['too many requests', { status: 429, done: false }],
  ] as const;
  test.each(FAULTS)('%s: asked again under the same key until it is known, one payment', async (_name, fault) => {
    const { id } = await till.payingCustomer();
    // Twice: the SDK itself repeats a request whose connection broke.
    till.stripe.failNext('POST', /payment_intents$/, fault, typeof fault === 'string' ? 2 : 1);
    const invoice = await till.invoice(id, 1234);
    await waitFor('the first try', async () => (await till.attempts(invoice))[0]?.tries > 0);
    await waitFor('the end', async () => {
      await till.hurry();
      return (await till.invoiceNow(invoice)).status === 'paid';
    });
    const [attempt, ...more] = await till.attemptsDone(invoice);
    expect([attempt.state, more]).toEqual(['succeeded', []]);
    expect(intents(invoice)).toHaveLength(1);
    expect(asked(attempt.idempotency_key)).toBeGreaterThan(0);
    expect(await till.payments(invoice)).toHaveLength(1);
  });

  test('500 and nothing done: no other key is taken; it is collected once Stripe has forgotten the key', async () => {
    const { id } = await till.payingCustomer();
    till.stripe.failNext('POST', /payment_intents$/, { status: 500, done: false });
    const invoice = await till.invoice(id, 1234);
    await waitFor('three tries', async () => {
      await till.hurry();
      return (await till.attempts(invoice))[0]?.tries >= 3;
    });
    expect((await till.attempts(invoice)).map(({ state }) => state)).toEqual(['unknown']);
    till.stripe.forgetIdempotencyKeys();
    await waitFor('the end', async () => {
      await till.hurry();
      return (await till.invoiceNow(invoice)).status === 'paid';
    });
    expect(intents(invoice)).toHaveLength(1);
  });

  test('killed while Stripe is at it: the next worker finds what was done', async () => {
    const { id } = await till.payingCustomer();
    await till.works.workers.splice(0)[0]?.kill();
    till.stripe.failNext('POST', /payment_intents$/, { delayMs: 900 });
    const worker = await till.works.worker();
    const invoice = await till.invoice(id, 4321);
    await waitFor('Stripe to be asked', () => intents(invoice).length === 1);
    await worker.kill();
    till.works.workers.splice(0);
    expect((await till.attempts(invoice)).map(({ state }) => state)).toEqual(['unknown']);
    await till.hurry();
    await till.works.worker();
    await isPaid(invoice);
    expect([intents(invoice).length, (await till.payments(invoice)).length]).toEqual([1, 1]);
  });
});
