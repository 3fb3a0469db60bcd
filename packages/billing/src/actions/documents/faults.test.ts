import type { Transaction } from '@bastionary/prisma/client';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Books, ORIGIN } from '../../test/books.js';
import { armFaults, type Deed, failEverywhere } from '../../test/faults.js';
import { grantCredits } from '../invoicing/wallet.js';
import { updateSubscription } from '../update-subscription.js';
import { finalizeMany } from './finalize-invoice.js';
import { issueCreditNote } from './issue-credit-note.js';
import { recordPayment } from './record-payment.js';
import { refundPayment } from './refund-payment.js';
import { verifyInvoice, verifySeries } from './verify-documents.js';
import { voidInvoice } from './void-invoice.js';

const TAXED = { amount: 10_000, tax: 1_900, taxRate: '19', taxName: 'VAT' };

let books: Books;
let customer: string;
let subscription: string;
beforeAll(async () => {
  books = await Books.open();
  customer = await books.customer();
  subscription = await books.subscription(customer);
  await armFaults(books);
});
afterAll(() => books.close());

const receipt = (invoiceId: string, amount: bigint) => ({
  invoiceId,
  amount,
  provider: 'manual' as const,
  reference: invoiceId,
  receivedAt: books.around.now,
});
const pay = (tx: Transaction, invoiceId: string, amount: bigint) =>
  recordPayment(tx, ORIGIN, receipt(invoiceId, amount), books.around);
const paidInvoice = async (amount: bigint): Promise<string> => {
  const id = await books.invoice(customer, [TAXED]);
  await books.act((tx) => pay(tx, id, amount));
  return id;
};
const paymentOf = async (invoiceId: string): Promise<string> =>
  (await books.sql('SELECT id FROM payment WHERE invoice_id = $1', [invoiceId]))[0].id;

/** Name, the least number of statements that write, and what is prepared before the act. */
const ACTS: [string, number, () => Promise<Deed>][] = [
  [
    'finalize: two drafts, one paid by the wallet in part, one that fills it',
    10,
    async () => {
      const gift = { customerId: customer, currency: 'EUR', amount: 500n, reason: 'x', source: 'manual' };
      await books.act((tx) => grantCredits(tx, ORIGIN, [gift], books.around.now));
      const ids = [await books.draft(customer, [TAXED]), await books.draft(customer, [{ amount: -70 }])];
      return (tx) => finalizeMany(tx, ORIGIN, ids, books.around);
    },
  ],
  [
    'payment: too much, of what held a subscription past due',
    10,
    async () => {
      const grace = { ...books.around, graceSeconds: 1_000 };
      const id = await books.invoice(customer, [TAXED], subscription);
      await books.act((tx) => updateSubscription(tx, ORIGIN, subscription, { past_due: true }, undefined, grace));
      return (tx) => pay(tx, id, 20_000n);
    },
  ],
  [
    'credit note: of an invoice paid in part, the rest paid back',
    9,
    async () => {
      const id = await paidInvoice(5_000n);
      const request = { reason: 'x', paid_part: 'refund' as const, access: 'suspend' as const };
      return (tx) => issueCreditNote(tx, ORIGIN, id, request, books.around);
    },
  ],
  [
    'credit note: into the wallet',
    9,
    async () => {
      const id = await paidInvoice(5_000n);
      const request = { reason: 'x', amount: '9000', paid_part: 'wallet' as const, access: 'suspend' as const };
      return (tx) => issueCreditNote(tx, ORIGIN, id, request, books.around);
    },
  ],
  [
    'refund: of what was paid too much',
    6,
    async () => {
      const paymentId = await paymentOf(await paidInvoice(20_000n));
      return (tx) => refundPayment(tx, ORIGIN, { paymentId, reason: 'x', keepsAccess: false }, books.around);
    },
  ],
  [
    'void: what the wallet paid goes back',
    5,
    async () => {
      const id = await books.invoice(customer, [{ amount: 100_000 }]);
      return (tx) => voidInvoice(tx, ORIGIN, id, { rebill: true }, books.around);
    },
  ],
];

test.each(ACTS)(
  'a fault at any statement of %s changes nothing, and the retry succeeds',
  async (_name, least, prepare) => {
    expect(await failEverywhere(books, await prepare())).toBeGreaterThanOrEqual(least);
    expect(await books.imbalance()).toEqual([]);
    for (const { id } of await books.sql(`SELECT id FROM invoice WHERE status <> 'draft'`)) {
      expect(await verifyInvoice(books.connection.db, id)).toMatchObject({ ok: true, differences: [] });
    }
    for (const { series } of await books.sql('SELECT series FROM number_series')) {
      expect(await verifySeries(books.connection.db, series)).toMatchObject({ ok: true, differences: [] });
    }
  },
);

test('the wallet of the ledger is what is left of the credits', async () => {
  const [{ ledger, credits }] = await books.sql(
    `SELECT (SELECT -sum(amount) FROM ledger_entry WHERE account = 'wallet')::text AS ledger,
       (SELECT sum(remaining) - 500 FROM wallet_credit)::text AS credits`,
  );
  // The 500 that were granted by hand above were not booked by the one who granted them.
  expect(ledger).toBe(credits);
});
