import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { amountDue, grossOf, netOf, sumsOf } from './amounts.js';
import { creditDestination } from './credit-note-destination.js';
import { type CreditableLine, type CreditWish, splitCredit } from './credit-split.js';

const LINES: CreditableLine[] = [
  { id: 'a', net: 1_000n, tax: 190n },
  { id: 'b', net: 333n, tax: 0n },
  { id: 'c', net: -200n, tax: -38n },
];
const split = (wish: CreditWish, lines = LINES) => {
  const result = splitCredit(lines, wish);
  if (result.outcome === 'refused') return `${result.code} ${result.path}`;
  return result.lines.map(({ lineId, net, tax }) => `${lineId} ${net}+${tax}`).join(', ');
};

describe('what a credit note takes back of each line', () => {
  test.each<[string, CreditWish, string]>([
    ['all', { kind: 'all' }, 'a 1000+190, b 333+0, c -200+-38'],
    ['an amount', { kind: 'gross', amount: 152n }, 'a 100+19, b 33+0'],
    ['as much as there is', { kind: 'gross', amount: 1_285n }, 'a 844+160, b 281+0'],
    ['more', { kind: 'gross', amount: 1_286n }, 'exceeds_invoiced /amount'],
    ['a line', { kind: 'lines', lines: [{ lineId: 'a', net: 1_000n }] }, 'a 1000+190'],
    ['a part of one', { kind: 'lines', lines: [{ lineId: 'a', net: 3n }] }, 'a 3+1'],
    ['more than a line', { kind: 'lines', lines: [{ lineId: 'b', net: 334n }] }, 'exceeds_invoiced /lines/0/amount'],
    ['of what gives', { kind: 'lines', lines: [{ lineId: 'c', net: 1n }] }, 'exceeds_invoiced /lines/0/amount'],
    [
      'lines that together are more than the document',
      {
        kind: 'lines',
        lines: [
          { lineId: 'a', net: 1_000n },
          { lineId: 'b', net: 333n },
        ],
      },
      'exceeds_invoiced ',
    ],
    ['a line that is not there', { kind: 'lines', lines: [{ lineId: 'x', net: 1n }] }, 'unknown_line /lines/0/line_id'],
  ])('%s', (_name, wish, expected) => {
    expect(split(wish)).toBe(expected);
  });

  test('nothing is left of what was credited whole', () => {
    expect(split({ kind: 'all' }, [{ id: 'a', net: 0n, tax: 0n }])).toBe('nothing_left ');
  });

  test('however it is cut up, never more than was invoiced, and the rest takes exactly what is left', () => {
    const line = fc.record({ net: fc.bigInt(0n, 10_000n), tax: fc.bigInt(0n, 2_000n) });
    const cuts = fc.array(fc.bigInt(1n, 3_000n), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), cuts, (some, amounts) => {
        let left = some.map((one, index) => ({ id: String(index), ...one }));
        const invoiced = left.reduce((sum, { net, tax }) => sum + net + tax, 0n);
        let credited = 0n;
        const take = (wish: CreditWish): void => {
          const result = splitCredit(left, wish);
          if (result.outcome === 'refused') return;
          expect(result.lines.reduce((sum, { net, tax }) => sum + net + tax, 0n)).toBe(result.net + result.tax);
          if (wish.kind === 'gross') expect(result.net + result.tax).toBe(wish.amount);
          credited += result.net + result.tax;
          left = left.map((one) => {
            const part = result.lines.find(({ lineId }) => lineId === one.id);
            return part === undefined ? one : { ...one, net: one.net - part.net, tax: one.tax - part.tax };
          });
          expect(left.every(({ net, tax }) => net >= 0n && tax >= 0n)).toBe(true);
          expect(credited <= invoiced).toBe(true);
        };
        for (const amount of amounts) take({ kind: 'gross', amount });
        take({ kind: 'all' });
        expect(credited).toBe(invoiced);
        expect(left.every(({ net, tax }) => net === 0n && tax === 0n)).toBe(true);
      }),
    );
  });
});

test.each<[bigint, bigint, 'wallet' | 'refund', bigint[], bigint[]]>([
  [100n, 40n, 'wallet', [60n], [40n, 0n, 60n]],
  [100n, 40n, 'refund', [25n, 50n], [40n, 60n, 0n]],
  [100n, 40n, 'refund', [25n], [40n, 25n, 35n]],
  [30n, 40n, 'refund', [60n], [30n, 0n, 0n]],
  [100n, 0n, 'refund', [0n, 200n], [0n, 100n, 0n]],
])('a credit of %s with %s due and the paid part to the %s, payments %s: %s', (total, due, part, left, expected) => {
  const payments = left.map((refundable, index) => ({ id: String(index), refundable }));
  const { toInvoice, toRefund, toWallet, refunds } = creditDestination(total, due, part, payments);
  expect([toInvoice, toRefund, toWallet]).toEqual(expected);
  expect(refunds.reduce((sum, { amount }) => sum + amount, 0n)).toBe(toRefund);
  expect(refunds.every(({ paymentId, amount }) => amount > 0n && amount <= (left[Number(paymentId)] ?? 0n))).toBe(true);
});

test('the total of a document is the sum of its printed lines, tax included or on top', () => {
  const amount = fc.bigInt(-10_000n, 10_000n);
  const line = fc.record({ amount, discount: amount, tax: amount, taxInclusive: fc.boolean() });
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const { subtotal, discount, tax, total } = sumsOf(lines);
      expect(total).toBe(lines.reduce((sum, one) => sum + grossOf(one), 0n));
      expect(lines.reduce((sum, one) => sum + netOf(one), 0n) + tax).toBe(total);
      if (lines.every(({ taxInclusive }) => !taxInclusive)) expect(subtotal - discount + tax).toBe(total);
    }),
  );
});

test.each([
  ['open', 100n, 20n, 30n, 0n, 50n],
  ['open', 100n, 0n, 120n, 0n, 0n],
  ['void', 100n, 0n, 0n, 0n, 0n],
  ['paid', -50n, 0n, 0n, 0n, 0n],
  ['uncollectible', 100n, 0n, 0n, 40n, 60n],
])(
  '%s of %s, %s by the wallet, %s paid, %s credited: %s are due',
  (status, total, creditsApplied, amountPaid, amountCredited, due) => {
    expect(amountDue({ status, total, creditsApplied, amountPaid, amountCredited })).toBe(due);
  },
);
