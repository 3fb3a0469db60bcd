import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Any, Office } from './support.js';

const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/);
const vat = (amount: number, tax: number, taxRate = '25') => ({ amount, tax, taxRate, taxName: 'VAT' });

let office: Office;
beforeAll(async () => {
  office = await Office.open();
});
afterAll(() => office.house.close());

const read = (id: string): Promise<Any> => office.get(`/api/invoices/${id}`);
const credit = (id: string, body: object) => office.house.manage(`/api/invoices/${id}/credit-notes`, { body });
const refusal = ({ status, body }: { status: number; body: Any }) => [status, body.code, body.errors[0].code];

describe('POST /api/invoices/{id}/credit-notes', () => {
  test('takes all of it back: nothing is owed, and the document stands in a series of its own', async () => {
    const customer = await office.customer();
    const { id, number, lines } = await office.invoice(customer, [vat(10_000, 2_500), -1_000]);
    const { status, body } = await credit(id, { reason: 'Ordered twice' });
    expect([status, body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^crn_/),
        number: expect.stringMatching(/^CN-\d{6}$/),
        invoice_id: id,
        invoice_number: number,
        customer_id: customer,
        customer_name: expect.stringMatching(/^Customer/),
        currency: 'EUR',
        subtotal: '9000',
        tax: '2500',
        total: '11500',
        to_invoice: '11500',
        to_refund: '0',
        to_wallet: '0',
        reason: 'Ordered twice',
        lines: [
          { invoice_line_id: lines[0].id, description: 'Thing 1', amount: '10000', tax: '2500' },
          { invoice_line_id: lines[1].id, description: 'Thing 2', amount: '-1000', tax: '0' },
        ],
        document_hash: expect.stringMatching(/^[\w-]{43}$/),
        created_at: at,
      },
    ]);
    expect(await read(id)).toMatchObject({ status: 'paid', amount_credited: '11500', amount_due: '0', total: '11500' });
    expect(await office.books(customer)).toEqual({});
    expect(await office.get(`/api/credit-notes/${body.id}`)).toEqual(body);
    expect((await office.get(`/api/credit-notes?invoice_id=${id}`)).data).toEqual([body]);
    expect(refusal(await credit(id, { reason: 'Again' }))).toEqual([409, 'invoice_conflict', 'nothing_left']);
    expect((await office.get(`/api/invoices/${id}/events`)).data).toEqual([
      expect.objectContaining({ what: 'invoice.finalized', actor: `client:${office.house.api.admin.client_id}` }),
      {
        at,
        what: 'credit_note.issued',
        actor: expect.any(String),
        detail: expect.objectContaining({ credit_note_id: body.id, to_invoice: '11500', reason: 'Ordered twice' }),
      },
      expect.objectContaining({ what: 'invoice.paid' }),
    ]);
  });

  test('E43: parts of lines take their share of the tax, each rounded once', async () => {
    const { id, lines } = await office.invoice(await office.customer(), [
      vat(20_000, 5_000),
      vat(16_000, 4_000),
      vat(2_999, 700, '23.33'),
    ]);
    const amounts = ['19333', '15467', '2571'];
    const body = {
      reason: 'Ended early',
      lines: lines.map(({ id: line_id }: Any, index: number) => ({ line_id, amount: amounts[index] })),
    };
    const note = (await credit(id, body)).body;
    expect(note.lines.map(({ amount, tax }: Any) => [amount, tax])).toEqual([
      ['19333', '4833'],
      ['15467', '3867'],
      ['2571', '600'],
    ]);
    expect(note).toMatchObject({ subtotal: '37371', tax: '9300', total: '46671' });
  });

  test('what was paid goes into the wallet, or back the way it came', async () => {
    const customer = await office.customer();
    const { id } = await office.invoice(customer, [1_000]);
    await office.pay(id, '300', `${id}-1`);
    await office.pay(id, '300', `${id}-2`);
    const first = (await credit(id, { reason: 'Less', amount: '500', paid_part: 'refund' })).body;
    expect(first).toMatchObject({ to_invoice: '400', to_refund: '100', to_wallet: '0' });
    expect(await read(id)).toMatchObject({ status: 'paid', amount_due: '0' });
    const second = (await credit(id, { reason: 'Less', amount: '50' })).body;
    expect(second).toMatchObject({ to_invoice: '0', to_refund: '0', to_wallet: '50' });
    const third = (await credit(id, { reason: 'All', paid_part: 'refund' })).body;
    expect(third).toMatchObject({ total: '450', to_refund: '450' });
    expect(await office.books(customer)).toEqual({ cash: '50', wallet: '-50' });
    const payments = (await office.get(`/api/payments?invoice_id=${id}`)).data;
    expect(payments.map(({ refunded }: Any) => refunded)).toEqual(['250', '300']);
  });

  test('twenty at once never take back more than was invoiced', async () => {
    const customer = await office.customer();
    const { id } = await office.invoice(customer, [vat(800, 200)]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => credit(id, { reason: 'Much', amount: '90' })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(11);
    const refused = answers.filter(({ status }) => status !== 201).map(refusal);
    expect(refused).toEqual(Array(9).fill([409, 'invoice_conflict', 'exceeds_invoiced']));
    expect(await read(id)).toMatchObject({ amount_credited: '990', amount_due: '10' });
  });

  test('refusals say where', async () => {
    const { id, lines } = await office.invoice(await office.customer(), [100]);
    const line_id = lines[0].id;
    const line = (amount: string, of = line_id) => ({ line_id: of, amount });
    const CASES: [object, unknown[]][] = [
      [{ reason: 'x', amount: '101' }, [409, 'invoice_conflict', 'exceeds_invoiced']],
      [{ reason: 'x', lines: [line('101')] }, [409, 'invoice_conflict', 'exceeds_invoiced']],
      [{ reason: 'x', lines: [line('1'), line('1')] }, [422, 'invalid_request', 'repeated_line']],
      [{ reason: 'x', lines: [line('1', 'lin_none')] }, [422, 'invalid_request', 'unknown_line']],
    ];
    for (const [body, expected] of CASES) expect(refusal(await credit(id, body))).toEqual(expected);
    const draft = await office.draft(await office.customer(), [100]);
    expect(refusal(await credit(draft, { reason: 'x' }))).toEqual([409, 'invoice_conflict', 'draft']);
    expect(await read(id)).toMatchObject({ amount_credited: '0' });
  });
});

describe('void and uncollectible', () => {
  test('a void one keeps its number and owes nothing; once paid in part it cannot be', async () => {
    const customer = await office.customer();
    const { id, number } = await office.invoice(customer, [vat(100, 25)]);
    const body = { reason: 'Wrong customer', rebill: true };
    const gone = await office.post(`/api/invoices/${id}/void`, body);
    expect(gone).toMatchObject({ status: 'void', number, amount_due: '0', voided_at: at, total: '125' });
    expect(await office.post(`/api/invoices/${id}/void`)).toEqual(gone);
    expect(await office.books(customer)).toEqual({});
    expect((await office.house.sql('SELECT rebill FROM invoice WHERE id = $1', [id]))[0]).toEqual({ rebill: true });
    const records = await office.house.audit(`invoice:${id}`);
    expect(records.at(-1)).toMatchObject({ action: 'invoice.voided', detail: body });

    const other = await office.invoice(customer, [100]);
    await office.pay(other.id, '1', `${other.id}-1`);
    const refused = await office.house.manage(`/api/invoices/${other.id}/void`, { body: {} });
    expect(refusal(refused)).toEqual([409, 'invoice_conflict', 'paid']);
    expect((await office.pay(id, '70', `${id}-late`)).status).toBe(201);
    expect(await read(id)).toMatchObject({ status: 'void', amount_paid: '0' });
    expect(await office.books(customer)).toMatchObject({ wallet: '-70' });
  });

  test('what is written off can still be paid', async () => {
    const customer = await office.customer();
    const { id } = await office.invoice(customer, [100]);
    const off = await office.post(`/api/invoices/${id}/uncollectible`);
    expect(off).toMatchObject({ status: 'uncollectible', amount_due: '100', uncollectible_at: at });
    expect(await office.post(`/api/invoices/${id}/uncollectible`)).toEqual(off);
    expect(await office.books(customer)).toEqual({ bad_debt: '100', revenue: '-100' });
    await office.pay(id, '40', `${id}-1`);
    expect(await read(id)).toMatchObject({ status: 'uncollectible', amount_due: '60' });
    await office.pay(id, '60', `${id}-2`);
    expect(await read(id)).toMatchObject({ status: 'paid', amount_due: '0' });
    expect(await office.books(customer)).toEqual({ cash: '100', revenue: '-100' });
  });
});

describe('POST /api/payments/{id}/refunds', () => {
  test('in parts and never more than was paid', async () => {
    const customer = await office.customer();
    const { id } = await office.invoice(customer, [100]);
    const payment = (await office.pay(id, '100', `${id}-1`)).body;
    const refund = (body: object) => office.house.manage(`/api/payments/${payment.id}/refunds`, { body });
    const part = await refund({ amount: '30', reason: 'Goodwill' });
    expect([part.status, part.body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^rfd_/),
        payment_id: payment.id,
        credit_note_id: null,
        provider: 'manual',
        currency: 'EUR',
        amount: '30',
        status: 'succeeded',
        reason: 'Goodwill',
        created_at: at,
      },
    ]);
    expect(refusal(await refund({ amount: '71', reason: 'x' }))).toEqual([422, 'invalid_request', 'exceeds_payment']);
    expect((await refund({ reason: 'The rest' })).body.amount).toBe('70');
    expect((await refund({ reason: 'Nothing is left' })).status).toBe(422);
    expect(await office.books(customer)).toEqual({ refunds: '100', revenue: '-100' });
    expect(await read(id)).toMatchObject({ status: 'paid' });
  });
});

test('a customer’s client reads what is its own and final, and changes nothing', async () => {
  const [mine, other] = [await office.customer(), await office.customer()];
  const client = await office.house.client({ scopes: ['invoices:read'], customer_id: mine });
  const token = await office.house.accessToken(client, 'invoices:read');
  const invoice = await office.invoice(mine, [100]);
  const draft = await office.draft(mine, [5]);
  const foreign = await office.invoice(other, [100]);
  const note = (await credit(invoice.id, { reason: 'x', amount: '1' })).body;
  await office.pay(invoice.id, '99', `${invoice.id}-1`);
  const as = (path: string, options: object = {}) => office.house.manage(path, { token, ...options });
  expect((await as('/api/invoices')).body.data.map(({ id }: Any) => id)).toEqual([invoice.id]);
  expect((await as(`/api/invoices/${invoice.id}`)).body).toMatchObject({ id: invoice.id, lines: [{ amount: '100' }] });
  for (const id of [draft, foreign.id]) expect((await as(`/api/invoices/${id}`)).status).toBe(404);
  expect((await as('/api/payments')).body.data).toHaveLength(1);
  expect((await as(`/api/credit-notes/${note.id}`)).body).toEqual(note);
  expect((await as(`/api/invoices/${invoice.id}/void`, { body: {} })).status).toBe(403);
  expect((await as(`/api/invoices/${invoice.id}/events`)).status).toBe(403);
});
