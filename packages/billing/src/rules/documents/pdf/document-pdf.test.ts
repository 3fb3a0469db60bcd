import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { type CreditNoteDocument, hashOf, type InvoiceDocument } from '../document.js';
import { documentPdf } from './document-pdf.js';
import { cut, money } from './sheet.js';

const { resolve } = createRequire(import.meta.url);
const font = (name: string) => readFileSync(resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));
const fonts = { regular: font('DejaVuSansCondensed'), bold: font('DejaVuSansCondensed-Bold') };

const seller = {
  name: 'Seller GmbH',
  address: ['Street 1', '10115 Berlin'],
  country: 'DE',
  tax_id: 'DE123',
  email: 'billing@example.com',
  payment_details: ['IBAN DE00 0000'],
};
const buyer = {
  id: 'cus_1',
  name: 'Łódź Ελλάς Москва',
  email: 'b@example.com',
  address: ['Hauptstraße 2'],
  country: 'AT',
  tax_id: null,
};
const span = { start: '2026-01-01T00:00:00Z', end: '2026-02-01T00:00:00Z' };
const line = (index: number) => ({
  id: `lin_${index}`,
  kind: 'charge',
  description: `API calls ${index}`,
  plan: 'pro@3',
  price: 'calls',
  quantity: '121000',
  period: span,
  service: span,
  amount: '13000',
  discount: '1000',
  tax: '2280',
  tax_rate: '19',
  tax_name: 'VAT',
  tax_inclusive: false,
  explanation: { text: '121,000 calls, 10,000 free, 112 packages of 1,000 at EUR 1.00', steps: [] },
});
const invoice = (lines: number, some: Partial<InvoiceDocument> = {}): InvoiceDocument => ({
  form: 1,
  kind: 'invoice',
  id: 'inv_1',
  series: 'INV',
  number: 'INV-000001',
  previous_hash: null,
  seller,
  buyer,
  currency: 'EUR',
  subscription_id: 'sub_1',
  period: span,
  finalized_at: '2026-02-01T01:00:00Z',
  due_at: '2026-02-15T01:00:00Z',
  lines: Array.from({ length: lines }, (_, index) => line(index)),
  taxes: [{ name: 'VAT', rate: '19', net: '12000', tax: '2280', inclusive: false, note: null }],
  subtotal: '13000',
  discount: '1000',
  tax: '2280',
  total: '14280',
  credits_applied: '280',
  ...some,
});
const note: CreditNoteDocument = {
  form: 1,
  kind: 'credit_note',
  id: 'crn_1',
  series: 'CN',
  number: 'CN-000001',
  previous_hash: null,
  seller,
  buyer,
  currency: 'JPY',
  invoice: { id: 'inv_1', number: 'INV-000001', finalized_at: '2026-02-01T01:00:00Z' },
  issued_at: '2026-02-03T00:00:00Z',
  reason: 'Ordered twice',
  lines: [
    { invoice_line_id: 'lin_0', description: 'API calls', amount: '1000', tax: '100', tax_rate: '10', tax_name: 'VAT' },
  ],
  subtotal: '1000',
  tax: '100',
  total: '1100',
  to_invoice: '1000',
  to_refund: '0',
  to_wallet: '100',
};

/** How many glyphs each page shows, by its content streams: text is drawn in runs of glyph numbers. */
function pagesOf(pdf: Uint8Array): number {
  const [, count] = /\/Type \/Pages\s*\/Count (\d+)/.exec(Buffer.from(pdf).toString('latin1')) ?? [];
  return Number(count);
}
const streams = (pdf: Uint8Array): string[] =>
  [
    ...Buffer.from(pdf)
      .toString('latin1')
      .matchAll(/\/Filter \/FlateDecode\s*>>\s*stream\r?\n([\s\S]*?)\r?\nendstream/g),
  ].map(([, bytes = '']) => inflateSync(Buffer.from(bytes, 'latin1')).toString('latin1'));

describe('the PDF of a document', () => {
  test('is the same bytes for the same document, and others for another', async () => {
    const [one, same, other] = [
      await documentPdf(invoice(3), fonts),
      await documentPdf(invoice(3), fonts),
      await documentPdf(invoice(3, { due_at: '2026-02-16T01:00:00Z' }), fonts),
    ];
    expect(Buffer.from(one).subarray(0, 5).toString()).toBe('%PDF-');
    expect(hashOf(one)).toBe(hashOf(same));
    expect(hashOf(other)).not.toBe(hashOf(one));
  });

  test('takes as many pages as it needs, each with a foot', async () => {
    expect(pagesOf(await documentPdf(invoice(1), fonts))).toBe(1);
    const long = await documentPdf(invoice(200), fonts);
    expect(pagesOf(long)).toBeGreaterThan(8);
    expect(pagesOf(await documentPdf(note, fonts))).toBe(1);
  });

  test('has every letter of Latin, Greek and Cyrillic names, and does not break on others', async () => {
    const letters = (pdf: Uint8Array) =>
      streams(pdf)
        .filter((text) => text.includes('beginbfrange'))
        .join();
    const drawn = letters(await documentPdf(invoice(1), fonts));
    for (const letter of 'ŁźΕάςМв') expect(drawn).toContain((letter.codePointAt(0) ?? 0).toString(16).padStart(4, '0'));
    for (const name of ['株式会社', 'شركة', '🦄 GmbH', 'a'.repeat(400), 'x\u200by']) {
      expect(pagesOf(await documentPdf(invoice(1, { buyer: { ...buyer, name } }), fonts))).toBe(1);
    }
  });
});

test('amounts read as people write them', () => {
  expect(['123456789', '-5', '0'].map((minor) => money(minor, 'EUR'))).toEqual(['1,234,567.89', '-0.05', '0.00']);
  expect([money('1234567', 'JPY'), money('1234567', 'KWD')]).toEqual(['1,234,567', '1,234.567']);
});

test('what is cut stays well-formed', () => {
  expect(cut('a🦄b', 2)).toBe('a…');
  expect(cut('abc', 3)).toBe('abc');
});
