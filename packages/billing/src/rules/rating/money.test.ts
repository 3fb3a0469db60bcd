import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { allocate } from './allocate.js';
import { Exact, exponentOf, roundMinor, toMajor, toMinor } from './money.js';

const rounded = (major: string, currency: string): string => toMajor(roundMinor(toMinor(major, currency)), currency);

describe('rounding', () => {
  test.each([
    ['USD', '47.34'],
    ['JPY', '47'],
    ['KWD', '47.341'],
  ])('E48: 4.4556 × 10.625 in %s', (currency, expected) => {
    expect(rounded(new Exact('4.4556').times('10.625').toFixed(), currency)).toBe(expected);
  });

  test.each<[string, string, bigint]>([
    ['1.005', '100', 101n],
    ['35.855', '100', 3586n],
    ['-2.5', '1', -3n],
    ['2.5', '1', 3n],
    ['-0.5', '1', -1n],
    ['0.499999999999', '1', 0n],
    ['9007199254740993', '1', 9_007_199_254_740_993n],
  ])('E49: %s × %s', (one, other, expected) => {
    expect(roundMinor(new Exact(one).times(other))).toBe(expected);
  });

  test('more than a document can hold is refused', () => {
    expect(roundMinor((2n ** 63n - 1n).toString())).toBe(2n ** 63n - 1n);
    expect(() => roundMinor((2n ** 63n).toString())).toThrow(RangeError);
    expect(() => roundMinor((-(2n ** 63n)).toString())).toThrow(RangeError);
  });

  const decimal = fc
    .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.nat(12))
    .map(([digits, places]) => new Exact(digits.toString()).div(new Exact(10).pow(places)));
  test('a credit is the mirror of its charge, and half a unit away at most', () => {
    fc.assert(
      fc.property(decimal, (exact) => {
        expect(roundMinor(exact.neg())).toBe(-roundMinor(exact));
        expect(exact.minus(roundMinor(exact).toString()).abs().lte(0.5)).toBe(true);
      }),
    );
  });
});

describe('currencies', () => {
  test.each<[string, number, string, string]>([
    ['EUR', 2, '1999', '19.99'],
    ['EUR', 2, '0.06', '0.0006'],
    ['EUR', 2, '-5', '-0.05'],
    ['JPY', 0, '1999', '1999'],
    ['KWD', 3, '1999', '1.999'],
    ['CLF', 4, '1', '0.0001'],
    // In everyday use without decimals, on paper with two.
    ['HUF', 2, '100', '1.00'],
    ['IQD', 3, '0', '0.000'],
  ])('%s has %i decimals: %s is %s', (currency, exponent, minor, major) => {
    expect([exponentOf(currency), toMajor(minor, currency)]).toEqual([exponent, major]);
    expect(toMinor(major, currency).toFixed()).toBe(minor);
  });

  test('every currency there is comes through, whole', () => {
    for (const currency of Intl.supportedValuesOf('currency')) {
      expect(toMinor(toMajor('123456', currency), currency).toFixed()).toBe('123456');
    }
  });
});

describe('allocate', () => {
  test.each<[string, bigint, bigint[], bigint[]]>([
    ['E47', 10_00n, [33_33n, 33_33n, 33_34n], [3_33n, 3_33n, 3_34n]],
    ['E47', 10_00n, [1n, 1n, 1n], [3_34n, 3_33n, 3_33n]],
    ['a credit', -10_00n, [1n, 1n, 1n], [-3_34n, -3_33n, -3_33n]],
    ['what weighs nothing gets nothing', 5n, [0n, 1n, 0n, 1n], [0n, 3n, 0n, 2n]],
    ['less than there are parts', 2n, [1n, 1n, 1n], [1n, 1n, 0n]],
    ['nothing among nobody', 0n, [], []],
    ['nothing among those without weight', 0n, [0n, 0n], [0n, 0n]],
  ])('%s: %s among %s', (_, total, weights, expected) => {
    expect(allocate(total, weights)).toEqual(expected);
  });

  test('what cannot be shared is refused', () => {
    expect(() => allocate(1n, [0n, 0n])).toThrow('There is nothing to share 1 among.');
    expect(() => allocate(1n, [2n, -1n])).toThrow('A weight must not be negative.');
  });

  const weights = fc
    .array(fc.bigInt({ min: 0n, max: 2n ** 60n }), { minLength: 1, maxLength: 12 })
    .filter((list) => list.some((weight) => weight > 0n));
  const total = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n });
  test('the parts add up, and each is within one unit of what it is owed', () => {
    fc.assert(
      fc.property(total, weights, (amount, list) => {
        const parts = allocate(amount, list);
        const sum = list.reduce((one, other) => one + other);
        expect(parts.reduce((one, other) => one + other)).toBe(amount);
        for (const [index, part] of parts.entries()) {
          const off = part * sum - amount * (list[index] as bigint);
          expect(off < sum && off > -sum).toBe(true);
        }
      }),
    );
  });

  test('equal parts differ by one unit at most, the first the larger; a factor on all weights changes nothing', () => {
    fc.assert(
      fc.property(total, weights, fc.bigInt({ min: 1n, max: 1_000n }), (amount, list, factor) => {
        const parts = allocate(amount, list);
        expect(
          allocate(
            amount,
            list.map((weight) => weight * factor),
          ),
        ).toEqual(parts);
        const size = (part: bigint) => (part < 0n ? -part : part);
        for (let index = 1; index < list.length; index++) {
          if (list[index] !== list[index - 1]) continue;
          const more = size(parts[index - 1] as bigint) - size(parts[index] as bigint);
          expect([0n, 1n]).toContain(more);
        }
      }),
    );
  });
});
