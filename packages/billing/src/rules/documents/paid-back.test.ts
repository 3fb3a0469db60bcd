import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type InvoiceMoney, isPaidAgain, isPaidBack, openAgain } from './paid-back.js';

const invoice = (received: number, paidBack: number, more: Partial<InvoiceMoney> = {}): InvoiceMoney => ({
  status: received >= 100 ? 'paid' : 'open',
  total: 100n,
  creditsApplied: 0n,
  amountPaid: BigInt(received),
  amountCredited: 0n,
  received: BigInt(received),
  paidBack: BigInt(paidBack),
  ...more,
});

describe('what is open again of an invoice over 100', () => {
  test.each<[string, InvoiceMoney, bigint]>([
    ['nothing of what was paid', invoice(100, 0), 0n],
    ['all that went back', invoice(100, 100), 100n],
    ['a part that went back', invoice(100, 30), 30n],
    ['not what was paid too much', invoice(150, 50), 0n],
    ['what went back beyond that', invoice(150, 80), 30n],
    ['a part that was paid and went back, on top of what is due', invoice(40, 40), 40n],
    ['not what a credit note waived', invoice(100, 100, { amountCredited: 100n }), 0n],
    ['only what it did not waive', invoice(100, 100, { amountCredited: 60n }), 40n],
    ['the wallet paid some of it', invoice(80, 80, { creditsApplied: 20n }), 80n],
    ['nothing of a void one', invoice(100, 100, { status: 'void' }), 0n],
  ])('%s', (_what, money, expected) => {
    expect(openAgain(money)).toBe(expected);
  });
});

test.each<[string, InvoiceMoney[], boolean]>([
  ['nothing was asked', [], false],
  ['nobody paid', [invoice(0, 0)], false],
  ['paid', [invoice(100, 0)], false],
  ['a part of it', [invoice(100, 99)], false],
  ['all of it', [invoice(100, 100)], true],
  ['of one of two', [invoice(100, 100), invoice(100, 0)], false],
  ['of both', [invoice(100, 100), invoice(100, 100)], true],
  ['of the one that was paid', [invoice(100, 100), invoice(0, 0)], true],
  ['what the wallet paid does not count', [invoice(80, 80, { creditsApplied: 20n })], true],
])('all that was paid went back: %s', (_what, invoices, expected) => {
  expect(isPaidBack(invoices)).toBe(expected);
});

test.each<[string, InvoiceMoney[], boolean]>([
  ['nothing was asked', [], false],
  ['paid', [invoice(100, 0)], true],
  ['paid again', [invoice(200, 100)], true],
  ['a part of it again', [invoice(199, 100)], false],
  ['waived, not paid', [invoice(100, 100, { amountCredited: 100n })], false],
  ['another is open', [invoice(200, 100), invoice(0, 0)], false],
])('paid again: %s', (_what, invoices, expected) => {
  expect(isPaidAgain(invoices)).toBe(expected);
});

test('what is all paid back is never paid, and paying what is due and open again makes it so', () => {
  const money = fc.record({
    total: fc.bigInt({ min: 1n, max: 500n }),
    creditsApplied: fc.bigInt({ min: 0n, max: 100n }),
    amountCredited: fc.bigInt({ min: 0n, max: 100n }),
    received: fc.bigInt({ min: 0n, max: 600n }),
    paidBack: fc.bigInt({ min: 0n, max: 600n }),
  });
  fc.assert(
    fc.property(money, (given) => {
      const paidBack = given.paidBack < given.received ? given.paidBack : given.received;
      const one: InvoiceMoney = { ...given, paidBack, status: 'open', amountPaid: given.received };
      expect(isPaidBack([one]) && isPaidAgain([one])).toBe(false);
      const asked = one.total - one.creditsApplied - one.amountCredited;
      if (asked <= 0n) return;
      const missing = openAgain(one) + (asked > one.received ? asked - one.received : 0n);
      const received = one.received + missing;
      expect(isPaidAgain([{ ...one, received, amountPaid: received }])).toBe(received > paidBack);
    }),
  );
});
