import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Any, Office } from './support.js';

const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/);
const TAXED = { amount: 10_000, discount: 1_000, tax: 1_710, taxRate: '19', taxName: 'VAT' };

let office: Office;
beforeAll(async () => {
  office = await Office.open({ SELLER_NAME: 'Seller GmbH', SELLER_ADDRESS: 'Street 1|10115 Berlin' });
});
afterAll(() => office.house.close());

const stored = async (id: string): Promise<Any> =>
  (await office.house.sql('SELECT * FROM invoice WHERE id = $1', [id]))[0];

describe('POST /api/invoices/{id}/finalize', () => {
  test('numbers it, makes it due, writes the books, and answers the same again', async () => {
    const customer = await office.customer({ name: 'Buyer AG', tax_id: 'DE1', country: 'DE' });
    const id = await office.draft(customer, [TAXED, { amount: -500 }]);
    const answer = await office.house.manage(`/api/invoices/${id}/finalize`, { method: 'POST' });
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        id,
        number: expect.stringMatching(/^INV-\d{6}$/),
        status: 'open',
        scope: 'manual',
        customer_id: customer,
        customer_name: 'Buyer AG',
        subscription_id: null,
        period: { start: '2026-01-01T00:00:00Z', end: '2026-02-01T00:00:00Z' },
        currency: 'EUR',
        subtotal: '9500',
        discount: '1000',
        tax: '1710',
        total: '10210',
        taxes: [{ name: 'VAT', rate: '19', net: '9000', tax: '1710', inclusive: false, note: null }],
        lines: [
          expect.objectContaining({ amount: '10000', discount: '1000', tax: '1710', tax_rate: '19', quantity: '1' }),
          expect.objectContaining({ amount: '-500', tax: '0', tax_rate: null }),
        ],
        credits_applied: '0',
        amount_paid: '0',
        amount_credited: '0',
        amount_due: '10210',
        finalize_at: null,
        anomalies: [],
        finalized_at: at,
        due_at: at,
        overdue: false,
        paid_at: null,
        voided_at: null,
        uncollectible_at: null,
        document_hash: expect.stringMatching(/^[\w-]{43}$/),
        dunning: { step: 0, next_at: null },
        created_at: at,
        updated_at: at,
      },
    ]);
    const { finalized_at, due_at, number, document_hash } = answer.body;
    expect(Date.parse(due_at) - Date.parse(finalized_at)).toBe(14 * 86_400_000);
    expect(await office.books(customer)).toEqual({ receivable: '10210', revenue: '-8500', tax: '-1710' });
    expect(await office.post(`/api/invoices/${id}/finalize`)).toEqual(answer.body);
    expect(await office.get(`/api/invoices/${id}`)).toEqual(answer.body);

    const row = await stored(id);
    expect(createHash('sha256').update(row.document).digest('base64url')).toBe(document_hash);
    expect(JSON.parse(row.document)).toMatchObject({
      kind: 'invoice',
      number,
      previous_hash: row.previous_hash,
      seller: { name: 'Seller GmbH', address: ['Street 1', '10115 Berlin'] },
      buyer: { id: customer, name: 'Buyer AG', country: 'DE', tax_id: 'DE1' },
      total: '10210',
      due_at,
    });
    expect(await office.house.audit(`invoice:${id}`)).toEqual([
      {
        actor: `client:${office.house.api.admin.client_id}`,
        action: 'invoice.finalized',
        detail: { currency: 'EUR', total: '10210', amount_due: '10210', due_at, document_hash },
      },
    ]);
    const events = await office.house.sql(`SELECT type, key, data FROM outbox_event WHERE customer_id = $1`, [
      customer,
    ]);
    expect(events.map(({ type }) => type)).toEqual(['customer.created', 'entitlements.changed', 'invoice.finalized']);
  });

  test('numbers follow each other, and every document names the hash of the one before', async () => {
    const customer = await office.customer();
    const [first, second] = [await office.invoice(customer, [1]), await office.invoice(customer, [2])];
    expect(Number(second.number.slice(4))).toBe(Number(first.number.slice(4)) + 1);
    expect((await stored(second.id)).previous_hash).toBe(first.document_hash);
  });

  test('what asks for nothing is paid at once; what gives more than it takes fills the wallet', async () => {
    const customer = await office.customer();
    const zero = await office.invoice(customer, [100, -100]);
    expect(zero).toMatchObject({ status: 'paid', total: '0', amount_due: '0', paid_at: zero.finalized_at });
    const negative = await office.invoice(customer, [100, -350]);
    expect(negative).toMatchObject({ status: 'paid', total: '-250', amount_due: '0', credits_applied: '0' });
    expect(await office.books(customer)).toEqual({ revenue: '250', wallet: '-250' });
    expect((await office.house.audit(`invoice:${zero.id}`)).map(({ action }) => action)).toEqual([
      'invoice.finalized',
      'invoice.paid',
    ]);
  });

  test('a draft without lines stays a draft, and one that is not there is not found', async () => {
    const id = await office.draft(await office.customer(), []);
    const refused = await office.house.manage(`/api/invoices/${id}/finalize`, { method: 'POST' });
    expect([refused.status, refused.body.code, refused.body.errors[0].code]).toEqual([
      409,
      'invoice_conflict',
      'no_lines',
    ]);
    expect((await stored(id)).status).toBe('draft');
    const missing = '/api/invoices/inv_00000000000000000000000000/finalize';
    expect((await office.house.manage(missing, { method: 'POST' })).status).toBe(404);
  });
});

describe('POST /api/invoices/{id}/payments', () => {
  test('in parts, until it is paid; too much goes into the wallet', async () => {
    const customer = await office.customer();
    const { id, number } = await office.invoice(customer, [1_000]);
    const part = await office.pay(id, '400', `${id}-1`, { received_at: '2026-03-01T12:00:00+01:00' });
    expect([part.status, part.body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^pay_/),
        customer_id: customer,
        customer_name: expect.stringMatching(/^Customer/),
        invoice_id: id,
        invoice_number: number,
        provider: 'manual',
        reference: `${id}-1`,
        currency: 'EUR',
        amount: '400',
        refunded: '0',
        received_at: '2026-03-01T11:00:00Z',
        created_at: at,
      },
    ]);
    expect(await office.get(`/api/invoices/${id}`)).toMatchObject({
      status: 'open',
      amount_paid: '400',
      amount_due: '600',
    });
    expect((await office.pay(id, '700', `${id}-2`)).status).toBe(201);
    expect(await office.get(`/api/invoices/${id}`)).toMatchObject({
      status: 'paid',
      amount_paid: '1100',
      amount_due: '0',
      paid_at: at,
    });
    expect(await office.books(customer)).toEqual({ cash: '1100', revenue: '-1000', wallet: '-100' });
    expect((await office.house.audit(`invoice:${id}`)).map(({ action }) => action)).toEqual([
      'invoice.finalized',
      'payment.received',
      'payment.received',
      'invoice.paid',
    ]);
  });

  test('the same reference again is the same payment, with another amount none, for another invoice another', async () => {
    const customer = await office.customer();
    const [one, other] = [await office.invoice(customer, [1_000]), await office.invoice(customer, [1_000])];
    const first = await office.pay(one.id, '1000', `${one.id}-x`);
    const again = await office.pay(one.id, '1000', `${one.id}-x`);
    expect([first.status, again.status, again.body]).toEqual([201, 200, first.body]);
    const { status, body } = await office.pay(one.id, '999', `${one.id}-x`);
    expect([status, body.code]).toEqual([409, 'payment_differs']);
    expect(await office.books(customer)).toEqual({ cash: '1000', receivable: '1000', revenue: '-2000' });
    // One transfer may pay several invoices.
    expect((await office.pay(other.id, '1000', `${one.id}-x`)).status).toBe(201);
    expect(await office.books(customer)).toEqual({ cash: '2000', revenue: '-2000' });
  });

  test('E56: told twenty times at once, there is one payment', async () => {
    const customer = await office.customer();
    const { id } = await office.invoice(customer, [1_000]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => office.pay(id, '1500', `${id}-x`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(19).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await office.books(customer)).toEqual({ cash: '1500', revenue: '-1000', wallet: '-500' });
  });

  test('a draft takes no money', async () => {
    const id = await office.draft(await office.customer(), [5]);
    const { status, body } = await office.pay(id, '5', `${id}-x`);
    expect([status, body.code, body.errors[0].code]).toEqual([409, 'invoice_conflict', 'draft']);
  });
});

test('lists: filters, pages, and nothing of others', async () => {
  const customer = await office.customer({ name: 'Lists 100% Ltd' });
  const ids: string[] = [];
  for (const amount of [1, 2, 3]) ids.unshift((await office.invoice(customer, [amount])).id);
  const draft = await office.draft(customer, [9]);
  await office.pay(ids[0] ?? '', '3', `${ids[0]}-x`);
  const list = async (query: string): Promise<Any> => office.get(`/api/invoices?customer_id=${customer}&${query}`);
  const found = async (query: string): Promise<string[]> => (await list(query)).data.map(({ id }: Any) => id);
  expect(await found('')).toEqual([draft, ...ids]);
  expect(await found('status=open')).toEqual(ids.slice(1));
  expect(await found('status=paid')).toEqual(ids.slice(0, 1));
  expect(await found('overdue=true')).toEqual([]);
  expect(await found('currency=USD')).toEqual([]);
  expect(await found('to=2026-01-01T00:00:00Z')).toEqual([]);
  expect((await office.get('/api/invoices?search=lists%20100%25')).data).toHaveLength(4);
  const first = await list('limit=3');
  expect(first.data[0]).not.toHaveProperty('lines');
  expect(await found(`limit=3&cursor=${first.next_cursor}`)).toEqual(ids.slice(2));
  const payments = await office.get(`/api/payments?customer_id=${customer}`);
  expect(payments.data.map(({ invoice_id, amount }: Any) => [invoice_id, amount])).toEqual([[ids[0], '3']]);
});
