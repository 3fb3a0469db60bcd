import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Till } from './till.js';

let till: Till;
beforeAll(async () => {
  till = await Till.open();
  await till.works.worker();
});
afterAll(() => till.close());

const account = () => till.stripe.account;
const paid = async (invoice: string) => {
  await waitFor('a paid invoice', async () => (await till.invoiceNow(invoice)).status === 'paid', { within: 20_000 });
  return (await till.payments(invoice))[0];
};
const refunds = (payment: string) =>
  till.works.sql('SELECT status, reference, amount FROM refund WHERE payment_id = $1 ORDER BY id', [payment]);
const settled = (payment: string) =>
  waitFor('a refund that is not pending', async () => {
    const all = await refunds(payment);
    return all.length > 0 && all.every(({ status }) => status !== 'pending') && all;
  });

describe('refunds of what Stripe collected', () => {
  test.each([
    ['at once', undefined],
    ['though the reply got lost', 'lose_reply'],
    ['though it was answered 500', { status: 500, done: true }],
  ] as const)('go back through Stripe, once, %s', async (_name, fault) => {
    const { id } = await till.payingCustomer();
    const payment = await paid(await till.invoice(id, 1000));
    // Twice: the SDK itself repeats a request whose connection broke.
    if (fault !== undefined) till.stripe.failNext('POST', /refunds$/, fault, fault === 'lose_reply' ? 2 : 1);
    const refund = await till.ask('POST', `/api/payments/${payment.id}/refunds`, {
      amount: '300',
      reason: 'Half of it',
    });
    expect(refund).toMatchObject({ status: 'pending', provider: 'stripe', amount: '300' });
    const theirs = () => [...account().refunds.values()].filter((one) => one.payment_intent === payment.reference);
    const [mine] = await settled(payment.id);
    expect(theirs()).toEqual([expect.objectContaining({ amount: 300, metadata: { bastionary_refund: refund.id } })]);
    expect(mine).toEqual({ status: 'succeeded', reference: theirs()[0]?.id, amount: '300' });
    await till.tell('charge.refunded');
    expect(await refunds(payment.id)).toHaveLength(1);
    expect(await till.books(id)).toMatchObject({ cash: 700, receivable: 0 });
  });

  test('made at Stripe is booked here, once', async () => {
    const { id } = await till.payingCustomer();
    const payment = await paid(await till.invoice(id, 1000));
    const { id: reference } = account().refund(payment.reference, 400, {});
    for (const type of ['charge.refunded', 'refund.created', 'charge.refunded']) await till.tell(type);
    expect(await refunds(payment.id)).toEqual([{ status: 'succeeded', reference, amount: '400' }]);
    expect(await till.books(id)).toMatchObject({ cash: 600, receivable: 0 });
  });

  test('that Stripe refuses is failed, and the money can be refunded still', async () => {
    const { id } = await till.payingCustomer();
    const payment = await paid(await till.invoice(id, 1000));
    account().refund(payment.reference, 900, {});
    await till.ask('POST', `/api/payments/${payment.id}/refunds`, { reason: 'All of it' });
    expect(await settled(payment.id)).toEqual([expect.objectContaining({ status: 'failed', amount: '1000' })]);
    await till.tell('charge.refunded');
    expect((await refunds(payment.id)).map(({ status, amount }) => [status, amount])).toEqual([
      ['failed', '1000'],
      ['succeeded', '900'],
    ]);
    expect(await till.books(id)).toMatchObject({ cash: 100 });
  });
});

describe('money that nobody owes any more is kept for the customer', () => {
  test('paid on Stripe’s page after the invoice was declared void', async () => {
    const id = await till.customer();
    const invoice = await till.invoice(id, 1000);
    const page = await till.page(id, invoice);
    await till.ask('POST', `/api/invoices/${invoice}/void`, { reason: 'A mistake' });
    account().completeSession(page);
    await till.tell('payment_intent.succeeded');
    expect(await till.invoiceNow(invoice)).toEqual({ status: 'void', amount_paid: '0' });
    expect(await till.payments(invoice)).toEqual([expect.objectContaining({ amount: '1000' })]);
    expect(await till.books(id)).toMatchObject({ cash: 1000, receivable: 0, wallet: -1000 });
  });

  test('paid on Stripe’s page and by a transfer', async () => {
    const id = await till.customer();
    const invoice = await till.invoice(id, 1000);
    const page = await till.page(id, invoice);
    await till.ask('POST', `/api/invoices/${invoice}/payments`, { amount: '1000', reference: 'transfer' });
    account().completeSession(page);
    await till.tell('checkout.session.completed');
    expect(await till.payments(invoice)).toHaveLength(2);
    expect(await till.books(id)).toMatchObject({ cash: 2000, receivable: 0, wallet: -1000 });
  });
});

test('while a page is open nothing else collects; when it closes, collecting goes on', async () => {
  const id = await till.customer();
  const invoice = await till.invoice(id, 1000);
  const page = await till.page(id, invoice);
  await till.leaveCard(id, 'success');
  const other = await till.payingCustomer();
  await paid(await till.invoice(other.id, 1000));
  expect((await till.attempts(invoice)).map(({ kind, state }) => [kind, state])).toEqual([
    ['checkout', 'requires_action'],
  ]);
  account().expireSession(page);
  await till.tell('checkout.session.expired');
  await paid(invoice);
  expect((await till.attemptsDone(invoice)).map(({ kind, state }) => [kind, state])).toEqual([
    ['checkout', 'canceled'],
    ['off_session', 'succeeded'],
  ]);
});

test('an invoice that is paid or void before Stripe was asked is not collected', async () => {
  const { id } = await till.payingCustomer();
  const worker = till.works.workers.splice(0)[0];
  await worker?.stop();
  const invoice = await till.invoice(id, 1000);
  await till.works.sql(
    `INSERT INTO stripe_attempt (id, invoice_id, customer_id, number, kind, currency, amount, payment_method, idempotency_key,
       state, next_try_at, created_at, updated_at)
     SELECT 'att_early', $1, customer_id, 1, 'off_session', 'EUR', 1000, payment_method, 'early', 'planned', now(), now(), now()
     FROM stripe_customer WHERE customer_id = $2`,
    [invoice, id],
  );
  await till.ask('POST', `/api/invoices/${invoice}/payments`, { amount: '1000', reference: 'early' });
  await till.works.worker();
  expect(await till.attemptsDone(invoice)).toEqual([expect.objectContaining({ state: 'canceled', tries: 0 })]);
  expect([...account().intents.values()].filter(({ metadata }) => metadata.bastionary_invoice === invoice)).toEqual([]);
});
