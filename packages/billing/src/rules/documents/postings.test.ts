import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  creditNotePostings,
  finalizePostings,
  type Posting,
  paymentPostings,
  refundPostings,
  voidPostings,
  writeOffPostings,
} from './postings.js';

const said = (postings: readonly Posting[]): Record<string, number> =>
  Object.fromEntries(postings.map(({ account, amount }) => [account, Number(amount)]));
const open = { isWrittenOff: false };
const off = { isWrittenOff: true };

test.each<[string, readonly Posting[], Record<string, number>]>([
  [
    'finalized',
    finalizePostings({ total: 119n, tax: 19n, creditsApplied: 0n }),
    { receivable: 119, revenue: -100, tax: -19 },
  ],
  [
    'paid by the wallet in part',
    finalizePostings({ total: 119n, tax: 19n, creditsApplied: 50n }),
    { receivable: 69, wallet: 50, revenue: -100, tax: -19 },
  ],
  [
    'paid by it whole',
    finalizePostings({ total: 119n, tax: 19n, creditsApplied: 119n }),
    { wallet: 119, revenue: -100, tax: -19 },
  ],
  [
    'gives more than it takes',
    finalizePostings({ total: -119n, tax: -19n, creditsApplied: 0n }),
    { wallet: -119, revenue: 100, tax: 19 },
  ],
  ['for nothing', finalizePostings({ total: 0n, tax: 0n, creditsApplied: 0n }), {}],
  ['a payment', paymentPostings({ amount: 40n, due: 100n, ...open }), { cash: 40, receivable: -40 }],
  ['too much', paymentPostings({ amount: 140n, due: 100n, ...open }), { cash: 140, receivable: -100, wallet: -40 }],
  [
    'of what was written off',
    paymentPostings({ amount: 140n, due: 100n, ...off }),
    { cash: 140, bad_debt: -100, wallet: -40 },
  ],
  ['for nothing owed', paymentPostings({ amount: 40n, due: 0n, ...open }), { cash: 40, wallet: -40 }],
  [
    'for what had gone back, and more',
    paymentPostings({ amount: 40n, due: 0n, again: 30n, ...open }),
    { cash: 40, refunds: -30, wallet: -10 },
  ],
  ['written off', writeOffPostings(60n), { bad_debt: 60, receivable: -60 }],
  [
    'void',
    voidPostings({ total: 119n, tax: 19n, creditsApplied: 50n, ...open }),
    { revenue: 100, tax: 19, wallet: -50, receivable: -69 },
  ],
  [
    'void after it was written off',
    voidPostings({ total: 119n, tax: 19n, creditsApplied: 0n, ...off }),
    { revenue: 100, tax: 19, bad_debt: -119 },
  ],
  [
    'credited',
    creditNotePostings({ subtotal: 100n, tax: 19n, toInvoice: 60n, toWallet: 40n, toRefund: 19n, ...open }),
    { revenue: 100, tax: 19, receivable: -60, wallet: -40, customer_credit: -19 },
  ],
  [
    'refunded after a credit note',
    refundPostings({ amount: 19n, isCredited: true, fromWallet: 0n }),
    { customer_credit: 19, cash: -19 },
  ],
  [
    'refunded without one',
    refundPostings({ amount: 19n, isCredited: false, fromWallet: 0n }),
    { refunds: 19, cash: -19 },
  ],
  [
    'refunded of what was paid too much',
    refundPostings({ amount: 19n, isCredited: false, fromWallet: 15n }),
    { wallet: 15, refunds: 4, cash: -19 },
  ],
])('%s', (_what, postings, expected) => {
  expect(said(postings)).toEqual(expected);
});

test('every act sums to zero, and finalize and void undo each other', () => {
  const amount = fc.bigInt(0n, 10n ** 12n);
  const sum = (postings: readonly Posting[]): bigint => postings.reduce((total, one) => total + one.amount, 0n);
  fc.assert(
    fc.property(amount, amount, amount, amount, fc.boolean(), (net, tax, some, due, isWrittenOff) => {
      const total = net + tax;
      const creditsApplied = some < total ? some : total;
      const finalized = finalizePostings({ total, tax, creditsApplied });
      const voided = voidPostings({ total, tax, creditsApplied, isWrittenOff: false });
      const both = Map.groupBy([...finalized, ...voided], ({ account }) => account);
      for (const postings of both.values()) expect(sum(postings)).toBe(0n);
      const [toInvoice, toWallet, toRefund] = [net / 2n, net - net / 2n, tax];
      const all = [
        finalized,
        voided,
        finalizePostings({ total: -total, tax: -tax, creditsApplied: 0n }),
        paymentPostings({ amount: some + 1n, due, isWrittenOff }),
        writeOffPostings(due),
        creditNotePostings({ subtotal: net, tax, toInvoice, toWallet, toRefund, isWrittenOff }),
        refundPostings({ amount: total, isCredited: false, fromWallet: creditsApplied }),
      ];
      for (const postings of all) {
        expect(sum(postings)).toBe(0n);
        expect(new Set(postings.map(({ account }) => account)).size).toBe(postings.length);
      }
    }),
  );
});
