import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { boundary, type Cycle } from '../periods.js';
import { anomaliesOf } from './anomalies.js';
import { discount, type HeldCoupon, isLive } from './discounts.js';
import { type Line, type LineTax, netOf, totalsOf } from './lines.js';
import { taxed, taxOf, taxSums } from './taxes.js';
import { drawCredits } from './wallet-draw.js';

const line = (amount: bigint, some: Partial<Line> = {}): Line => ({
  kind: 'charge',
  key: null,
  subscriptionId: null,
  plan: null,
  price: null,
  description: 'x',
  quantity: '1',
  period: null,
  service: null,
  amount,
  discount: 0n,
  explanation: { text: '', steps: [], exact: String(amount), rounded: String(amount) },
  ...some,
});
const coupon = (worth: HeldCoupon['worth'], some: Partial<HeldCoupon> = {}): HeldCoupon => ({
  id: 'c',
  worth,
  duration: { kind: 'forever' },
  firstUse: null,
  ...some,
});
const euros = (amount: bigint) => coupon({ kind: 'amount', amount, currency: 'EUR' });
const percent = (rate: string) => coupon({ kind: 'percent', percent: rate });
const discounts = (amounts: bigint[], coupons: HeldCoupon[]): bigint[] =>
  discount(
    amounts.map((amount) => line(amount)),
    coupons,
    'EUR',
  ).lines.map((one) => one.discount);
const vat = (rate: string, inclusive = false): LineTax => ({ name: 'VAT', rate, inclusive });

describe('coupons', () => {
  test.each([
    ['E47 10.00 over 33.33, 33.33 and 33.34', [3333n, 3333n, 3334n], [euros(1000n)], [333n, 333n, 334n]],
    ['E47 10.00 in three', [5000n, 5000n, 5000n], [euros(1000n)], [334n, 333n, 333n]],
    ['more than there is: nothing below zero', [300n, 200n], [euros(1000n)], [300n, 200n]],
    ['two in order, each of what the first left', [1000n], [percent('50'), percent('50')], [750n]],
    ['lines that give back get none', [1000n, -400n], [percent('10')], [100n, 0n]],
    ['no more than the document asks for', [1000n, -400n], [euros(900n)], [600n, 0n]],
    ['an amount of another currency', [1000n], [coupon({ kind: 'amount', amount: 100n, currency: 'USD' })], [0n]],
  ])('%s', (_name, amounts, coupons, expected) => expect(discounts(amounts, coupons)).toEqual(expected));

  test('E08 three periods from the 31st, first used in February: exactly three documents', () => {
    const cycle: Cycle = { anchor: new Date('2026-01-31'), timeZone: 'UTC', interval: { unit: 'month', count: 1 } };
    const repeating = coupon({ kind: 'percent', percent: '10' }, { duration: { kind: 'repeating', periods: 3 } });
    const used = { ...repeating, firstUse: new Date('2026-02-28') };
    const live = [1, 2, 3, 4, 5].map((index) => isLive(index === 1 ? repeating : used, cycle, boundary(cycle, index)));
    expect(live).toEqual([true, true, true, false, false]);
    expect(isLive({ ...used, duration: { kind: 'once' } }, cycle, boundary(cycle, 2))).toBe(false);
  });

  test('whatever the lines and coupons: nothing below zero, and the uses are what was taken off', () => {
    const amounts = fc.array(fc.bigInt({ min: -10_000n, max: 100_000n }), { minLength: 1, maxLength: 8 });
    const coupons = fc.array(
      fc.oneof(
        fc.bigInt({ min: 1n, max: 50_000n }).map(euros),
        fc.integer({ min: 1, max: 100 }).map((n) => percent(String(n))),
      ),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(amounts, coupons, (some, held) => {
        const { lines, uses } = discount(
          some.map((amount) => line(amount)),
          held,
          'EUR',
        );
        for (const one of lines) if (one.amount > 0n) expect(netOf(one) >= 0n).toBe(true);
        const taken = lines.reduce((sum, one) => sum + one.discount, 0n);
        expect(uses.reduce((sum, { amount }) => sum + amount, 0n)).toBe(taken);
        const before = some.reduce((sum, amount) => sum + amount, 0n);
        expect(before - taken >= (before < 0n ? before : 0n)).toBe(true);
      }),
    );
  });
});

describe('tax', () => {
  test.each([
    ['E43 193.33', 19_333n, '25', 4_833n, 24_166n],
    ['E43 154.67', 15_467n, '25', 3_867n, 19_334n],
    ['E43 25.71', 2_571n, '23.33', 600n, 3_171n],
    ['a credit is the mirror of its charge', -19_333n, '25', -4_833n, -24_166n],
  ])('%s: rounded by itself, and the total is the sum of what is printed', (_name, amount, rate, tax, total) => {
    expect(totalsOf(taxed([line(amount)], vat(rate), 'line'))).toMatchObject({ tax, total });
  });

  test.each([
    ['E45 six lines of nothing and two of 1', [0n, 0n, 0n, 0n, 0n, 0n, 1n, 1n], 3n],
    ['E45 eight of 1', [1n, 1n, 1n, 1n, 1n, 1n, 1n, 1n], 11n],
  ])('%s, 40 %% once for the document; the wallet pays it', (_name, amounts, total) => {
    const lines = amounts.map((amount) => line(amount));
    expect(totalsOf(taxed(lines, vat('40'), 'document')).total).toBe(total);
    const wallet = { id: 'w', remaining: 10_000n, priority: 50, expiresAt: null, createdAt: new Date(0) };
    expect(drawCredits([wallet], total, new Date())).toEqual([{ id: 'w', amount: total }]);
  });

  test('once for the document: the parts add up to the rounded sum, also with credits among them', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -5_000n, max: 50_000n }), { minLength: 1, maxLength: 9 }), (amounts) => {
        const { tax } = totalsOf(
          taxed(
            amounts.map((amount) => line(amount)),
            vat('19'),
            'document',
          ),
        );
        const exact = amounts.reduce((sum, amount) => sum + amount, 0n) * 19n;
        expect(tax * 200n <= exact * 2n + 100n && tax * 200n >= exact * 2n - 100n).toBe(true);
      }),
    );
  });

  test('prices that hold it: the total is the price', () => {
    const [one] = taxed([line(2_000n)], vat('8.1', true), 'line');
    expect([one?.taxAmount, totalsOf(one === undefined ? [] : [one]).total]).toEqual([150n, 2_000n]);
    expect(taxSums(one === undefined ? [] : [one])).toMatchObject([{ net: 1_850n, tax: 150n }]);
  });

  const rates = [
    { key: 'de', name: 'VAT', country: 'DE', percent: '19', inclusive: false, reverseCharge: true },
    { key: 'all', name: 'Tax', country: null, percent: '5', inclusive: false, reverseCharge: false },
  ];
  test.each([
    ['of its country', { country: 'DE' }, 'VAT'],
    ['of all others', { country: 'US' }, 'Tax'],
    ['without a country', {}, 'Tax'],
    ['exempt', { country: 'DE', isExempt: true }, 'Exempt'],
    ['a business in another country', { country: 'DE', taxId: 'x' }, 'Reverse charge'],
    ['the rate it was given', { country: 'DE', taxId: 'x', rate: 'all' }, 'Tax'],
  ])('%s', (_name, some, name) => {
    const customer = { country: null, taxId: null, isExempt: false, rate: null, ...some };
    expect(taxOf(customer, rates, 'FR').name).toBe(name);
  });
  test('nobody is abroad where it is not said where we are, nor at home', () => {
    const business = { country: 'DE', taxId: 'x', isExempt: false, rate: null };
    expect([taxOf(business, rates, null).name, taxOf(business, rates, 'DE').name]).toEqual(['VAT', 'VAT']);
    expect(taxOf(business, [], 'FR')).toEqual({ name: null, rate: null, inclusive: false });
  });
});

describe('the wallet', () => {
  const credit = (id: string, remaining: bigint, priority = 50, expires: number | null = null) => ({
    id,
    remaining,
    priority,
    expiresAt: expires === null ? null : new Date(expires),
    createdAt: new Date(1),
  });
  test('by priority, then what expires first, then by age; what has expired pays nothing', () => {
    const credits = [
      credit('late', 5n, 90),
      credit('open', 5n),
      credit('soon', 5n, 50, 200),
      credit('gone', 5n, 1, 100),
    ];
    expect(drawCredits(credits, 12n, new Date(100))).toEqual([
      { id: 'soon', amount: 5n },
      { id: 'open', amount: 5n },
      { id: 'late', amount: 2n },
    ]);
    expect(drawCredits(credits, -3n, new Date(100))).toEqual([]);
  });
});

describe('what deserves a look', () => {
  const compared = (total: bigint, used: string | null = null) => ({
    total,
    used: new Map(used === null ? [] : [['calls', used]]),
  });
  test.each([
    ['the first', compared(10n), null, ['first_invoice']],
    ['half as much again is not', compared(150n), compared(100n), []],
    ['more is', compared(151n), compared(100n), ['total_rose']],
    ['less is', compared(49n), compared(100n), ['total_fell']],
    ['no usage where there was some', compared(100n, '0'), compared(100n, '5'), ['usage_gone']],
    ['money back', compared(-1n), compared(-1n), ['negative_total']],
  ])('%s', (_name, now, before, codes) => {
    expect(anomaliesOf(now, before, 50, 'EUR').map(({ code }) => code)).toEqual(codes);
  });
});
