import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Any, Office } from './support.js';

let office: Office;
let customer: string;
beforeAll(async () => {
  office = await Office.open();
  customer = await office.customer({ name: 'Łódź 株式会社' });
});
afterAll(() => office.house.close());

const file = async (path: string, token = office.house.token) => {
  const answer = await fetch(`${office.house.api.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, headers: answer.headers, bytes };
};

describe('PDF', () => {
  test('of an invoice: the same bytes every time, their hash kept; a customer’s client gets its own', async () => {
    const { id, number } = await office.invoice(customer, [{ amount: 100, tax: 19, taxRate: '19', taxName: 'VAT' }]);
    const client = await office.house.client({ scopes: ['invoices:read'], customer_id: customer });
    const token = await office.house.accessToken(client, 'invoices:read');
    const theirs = await file(`/api/invoices/${id}/pdf`, token);
    const hash = createHash('sha256').update(theirs.bytes).digest('base64url');
    expect([theirs.status, theirs.headers.get('content-type'), theirs.headers.get('etag')]).toEqual([
      200,
      'application/pdf',
      `"${hash}"`,
    ]);
    expect(theirs.headers.get('content-disposition')).toBe(`inline; filename="${number}.pdf"`);
    expect(theirs.bytes.subarray(0, 5).toString()).toBe('%PDF-');
    expect(await office.house.sql('SELECT pdf_hash FROM invoice WHERE id = $1', [id])).toEqual([{ pdf_hash: hash }]);
    const ours = await file(`/api/invoices/${id}/pdf`);
    expect(ours.bytes.equals(theirs.bytes)).toBe(true);

    const foreign = await office.invoice(await office.customer(), [1]);
    expect((await file(`/api/invoices/${foreign.id}/pdf`, token)).status).toBe(404);
    const draft = await office.draft(customer, [1]);
    expect((await file(`/api/invoices/${draft}/pdf`)).status).toBe(409);
    expect((await file(`/api/invoices/${draft}/pdf`, token)).status).toBe(404);

    const note = await office.post(`/api/invoices/${id}/credit-notes`, { reason: 'x' });
    expect((await file(`/api/credit-notes/${note.id}/pdf`, token)).bytes.subarray(0, 5).toString()).toBe('%PDF-');
  });
});

describe('what is finalized never changes, whoever asks the database', () => {
  test.each([
    ['its total', `UPDATE invoice SET total = total + 1 WHERE id = $1`],
    ['its document', `UPDATE invoice SET document = '{}' WHERE id = $1`],
    ['its number', `UPDATE invoice SET number = 'INV-9', sequence = 9 WHERE id = $1`],
    ['back to draft', `UPDATE invoice SET status = 'draft' WHERE id = $1`],
    ['from paid to open', `UPDATE invoice SET status = 'open' WHERE id = $1`],
    ['its payments forgotten', `UPDATE invoice SET amount_paid = 0 WHERE id = $1`],
    ['credited beyond its total', `UPDATE invoice SET amount_credited = total + 1 WHERE id = $1`],
    ['deleted', `DELETE FROM invoice WHERE id = $1`],
    ['a line', `UPDATE invoice_line SET amount = 0 WHERE invoice_id = $1`],
    ['a line less', `DELETE FROM invoice_line WHERE invoice_id = $1`],
    [
      'a line more',
      `INSERT INTO invoice_line (id, invoice_id, position, kind, description, quantity, amount, explanation) VALUES ('x', $1, 99, 'manual', 'x', 1, 1, '{}')`,
    ],
    ['a payment', `UPDATE payment SET amount = 1 WHERE invoice_id = $1`],
    ['a payment less', `DELETE FROM payment WHERE invoice_id = $1`],
    ['a credit note', `UPDATE credit_note SET reason = 'x' WHERE invoice_id = $1`],
    ['a credit note less', `DELETE FROM credit_note WHERE invoice_id = $1`],
    [
      'a line of a credit note',
      `UPDATE credit_note_line SET amount = 2 WHERE credit_note_id IN (SELECT id FROM credit_note WHERE invoice_id = $1)`,
    ],
    [
      'one more',
      `INSERT INTO credit_note_line (id, credit_note_id, position, invoice_line_id, amount, tax) SELECT 'x', id, 99, 'x', 1, 0 FROM credit_note WHERE invoice_id = $1`,
    ],
    ['a refund', `UPDATE refund SET amount = 1 WHERE payment_id IN (SELECT id FROM payment WHERE invoice_id = $1)`],
    ['the books', `UPDATE ledger_entry SET amount = amount * 2 WHERE invoice_id = $1`],
    ['the books less', `DELETE FROM ledger_entry WHERE invoice_id = $1`],
    [
      'books that do not balance',
      `INSERT INTO ledger_entry (transaction_id, account, currency, amount) SELECT transaction_id, 'cash', 'EUR', 1 FROM ledger_entry WHERE invoice_id = $1 LIMIT 1`,
    ],
    ['a number given again', `UPDATE number_series SET last = last - 1 WHERE $1 <> ''`],
  ])('%s', async (_what, statement) => {
    const id = await whole();
    const before = await digest();
    await expect(office.house.sql(statement, [id])).rejects.toMatchObject({ code: expect.stringMatching(/^23/) });
    expect(await digest()).toBe(before);
  });

  test.each([
    'invoice',
    'invoice_line',
    'credit_note',
    'credit_note_line',
    'payment',
    'refund',
    'ledger_entry',
    'ledger_transaction',
    'number_series',
  ])('%s is never emptied', async (table) => {
    await whole();
    const before = await digest();
    await expect(office.house.sql(`TRUNCATE ${table} CASCADE`)).rejects.toMatchObject({ code: '23001' });
    expect(await digest()).toBe(before);
  });

  let made: string | undefined;
  /** An invoice with everything that can be about one. */
  async function whole(): Promise<string> {
    if (made !== undefined) return made;
    const { id } = await office.invoice(customer, [100]);
    await office.pay(id, '100', `${id}-1`);
    await office.post(`/api/invoices/${id}/credit-notes`, { reason: 'x', amount: '10', paid_part: 'refund' });
    made = id;
    return id;
  }
  const digest = async (): Promise<string> =>
    (
      await office.house.sql(`
        SELECT md5(concat((SELECT string_agg(t::text, '' ORDER BY id) FROM invoice t), (SELECT string_agg(t::text, '' ORDER BY id) FROM invoice_line t),
          (SELECT string_agg(t::text, '' ORDER BY id) FROM payment t), (SELECT string_agg(t::text, '' ORDER BY id) FROM refund t),
          (SELECT string_agg(t::text, '' ORDER BY id) FROM credit_note t), (SELECT string_agg(t::text, '' ORDER BY id) FROM credit_note_line t),
          (SELECT string_agg(t::text, '' ORDER BY id) FROM ledger_entry t), (SELECT string_agg(t::text, '' ORDER BY series) FROM number_series t))) AS digest`)
    )[0].digest;
});

test('verification says what was changed past the triggers', async () => {
  const [first, second] = [await office.invoice(customer, [100]), await office.invoice(customer, [200])];
  const verify = (path: string): Promise<Any> => office.get(`/api/${path}/verification`);
  const fine = await verify('number-series/INV');
  expect(fine).toEqual({ ok: true, series: 'INV', documents: fine.documents, differences: [] });
  expect(await verify(`invoices/${second.id}`)).toEqual({ ok: true, series: 'INV', documents: 1, differences: [] });
  const draft = await office.draft(customer, [1]);
  expect((await office.house.manage(`/api/invoices/${draft}/verification`)).status).toBe(409);
  expect((await office.house.manage('/api/number-series/NONE/verification')).status).toBe(404);

  await office.house.sql('ALTER TABLE invoice DISABLE TRIGGER invoice_stays');
  await office.house.sql('ALTER TABLE invoice_line DISABLE TRIGGER USER');
  await office.house.sql(`UPDATE invoice_line SET description = 'Other' WHERE invoice_id = $1`, [first.id]);
  await office.house.sql(
    `UPDATE invoice SET amount_paid = 5, document = replace(document, '"200"', '"201"') WHERE id = $1`,
    [second.id],
  );
  await office.house.sql('ALTER TABLE invoice ENABLE TRIGGER invoice_stays');
  await office.house.sql('ALTER TABLE invoice_line ENABLE TRIGGER USER');
  const codes = async (path: string) => (await verify(path)).differences.map(({ code }: Any) => code);
  expect(await codes(`invoices/${first.id}`)).toEqual(['row_changed']);
  expect(await codes(`invoices/${second.id}`)).toEqual(['document_changed', 'row_changed', 'books', 'books']);
  expect(await verify('number-series/INV')).toMatchObject({
    ok: false,
    differences: [{ number: second.number, code: 'document_changed' }],
  });
});
