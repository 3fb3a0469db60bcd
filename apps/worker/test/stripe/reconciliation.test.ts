import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { liveThrough } from './life.js';
import { Till } from './till.js';

let till: Till;
beforeAll(async () => {
  till = await Till.open();
  await till.skipTonight();
  await till.works.worker();
});
afterAll(() => till.close());

const account = () => till.stripe.account;
// biome-ignore lint/suspicious/noExplicitAny: rows of every shape
const rowsOf = (report: any, customer: string) => report.rows.filter((row: any) => row.customer_id === customer);
const repair = (report: { id: string }, row: { position: number }) =>
  till.works.manage(`/api/stripe/reconciliations/${report.id}/rows/${row.position}/repair`, { method: 'POST' });

beforeEach(async () => {
  // What earlier tests left is in order before the next looks.
  await till.reconcile();
});

describe('a report says what differs, and each row is mended by one act', () => {
  test('a payment and a refund of which we never heard', async () => {
    const life = await liveThrough(till);
    // Long enough ago that nobody is at it any more.
    await till.works.sql(`UPDATE stripe_attempt SET updated_at = now() - interval '2 minutes' WHERE ended_at IS NULL`);
    const report = await till.reconcile(false);
    const rows = rowsOf(report, life.customer);
    const [intent] = [...account().intents.values()].filter(
      ({ metadata }) => metadata.bastionary_invoice === life.invoice,
    );
    expect(rows).toEqual([
      expect.objectContaining({
        kind: 'payment',
        state: 'missing_here',
        stripe_id: intent?.id,
        currency: 'EUR',
        here: null,
        there: '1000',
        repair: 'read_again',
        repaired_at: null,
      }),
      expect.objectContaining({ kind: 'refund', state: 'missing_here', there: '300', repair: 'read_again' }),
      expect.objectContaining({ kind: 'attempt', state: 'differs', repair: 'read_again' }),
      expect.objectContaining({ kind: 'customer', state: 'differs', repair: 'read_again' }),
    ]);
    expect(await till.payments(life.invoice)).toEqual([]);
    for (let time = 1; time <= 2; time++) {
      const mended = await repair(report, rows[0]);
      expect([mended.status, mended.body]).toEqual([
        200,
        { ...rows[0], repaired_at: expect.any(String), repaired_by: expect.stringMatching(/^client:/) },
      ]);
    }
    expect(await till.payments(life.invoice)).toEqual([expect.objectContaining({ amount: '1000', refunded: '300' })]);
    expect(await till.books(life.customer)).toMatchObject({ cash: 700, receivable: 0 });
    expect(rowsOf(await till.reconcile(false), life.customer)).toEqual([
      expect.objectContaining({
        kind: 'customer',
        state: 'differs',
        detail: 'The page is complete at Stripe, open here.',
      }),
    ]);
    const records = await till.works.sql(
      `SELECT actor FROM audit_log WHERE action = 'reconciliation.repaired' AND target = $1`,
      [`reconciliation:${report.id}`],
    );
    expect(records).toHaveLength(1);
  });

  test('a payment of our customer that we did not ask for: somebody has to look', async () => {
    const { id, stripeId } = await till.payingCustomer();
    const intent = account().createIntent({ amount: 777, currency: 'eur', customer: stripeId, metadata: {} });
    account().succeed(intent);
    const report = await till.reconcile();
    const [row] = rowsOf(report, id);
    expect(row).toMatchObject({
      kind: 'payment',
      state: 'missing_here',
      there: '777',
      repair: 'look',
      repaired_at: null,
    });
    const answer = await repair(report, row);
    expect([answer.status, answer.body.code]).toEqual([409, 'not_repairable']);
    account().intents.delete(intent.id);
  });

  test('a payment that Stripe does not have, and one of another amount', async () => {
    const { id } = await till.payingCustomer();
    const invoices = [await till.invoice(id, 1000), await till.invoice(id, 2000)];
    const [gone, other] = await Promise.all(
      invoices.map((invoice) => waitFor('a payment', async () => (await till.payments(invoice))[0])),
    );
    const intent = account().intents.get(other.reference);
    if (intent === undefined) throw new Error('not at Stripe');
    account().intents.delete(gone.reference);
    intent.amount_received = 1999;
    const rows = rowsOf(await till.reconcile(), id).filter(({ kind }: { kind: string }) => kind === 'payment');
    expect(rows).toEqual([
      expect.objectContaining({ state: 'differs', here: '2000', there: '1999', repair: 'look' }),
      expect.objectContaining({ state: 'missing_there', here: '1000', there: null, repair: 'look' }),
    ]);
    intent.amount_received = 2000;
    account().intents.set(gone.reference, { ...intent, id: gone.reference, amount_received: 1000 });
  });

  test('another payment method, and a customer who is no more', async () => {
    const [one, two] = [await till.payingCustomer(), await till.payingCustomer()];
    const card = account().attachCard(one.stripeId, 'requires_action');
    account().updateCustomer(one.stripeId, (customer) => {
      customer.invoice_settings.default_payment_method = card.id;
    });
    account().customers.delete(two.stripeId);
    const report = await till.reconcile();
    expect(rowsOf(report, one.id)).toEqual([
      expect.objectContaining({ state: 'differs', repaired_by: 'system:stripe' }),
    ]);
    expect(rowsOf(report, two.id)).toEqual([expect.objectContaining({ state: 'missing_there' })]);
    const methods = await Promise.all(
      [one, two].map(async ({ id }) => (await till.ask('GET', `/api/customers/${id}/stripe`)).customer.payment_method),
    );
    expect(methods).toEqual([expect.objectContaining({ last4: '3184' }), null]);
  });
});

test('while Stripe does not answer, the report says so, and the next is complete', async () => {
  till.stripe.fault = ({ path }) => (path === '/v1/refunds' ? { status: 500, done: false } : undefined);
  const failed = await till.reconcile();
  till.stripe.fault = () => undefined;
  expect(failed).toMatchObject({ state: 'failed', rows: [], error: expect.any(String) });
  expect(await till.reconcile()).toMatchObject({ state: 'done', error: null });
});

test('the list has the newest first, a page at a time; a window must be one', async () => {
  const { body: first } = await till.works.manage('/api/stripe/reconciliations?limit=1');
  const { body: second } = await till.works.manage(`/api/stripe/reconciliations?limit=1&cursor=${first.next_cursor}`);
  expect([first.data.length, second.data.length]).toEqual([1, 1]);
  expect(first.data[0].created_at >= second.data[0].created_at).toBe(true);
  expect(Object.keys(first.data[0])).not.toContain('rows');
  const body = { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' };
  const refused = await till.works.manage('/api/stripe/reconciliations', { body });
  expect([refused.status, refused.body.errors[0].path]).toEqual([422, '/to']);
  const nobody = await till.works.manage('/api/stripe/reconciliations/rec_00000000000000000000000000');
  expect([nobody.status, nobody.body.code]).toEqual([404, 'not_found']);
});
