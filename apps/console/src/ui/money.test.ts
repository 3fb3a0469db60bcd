import { exponentOf } from '@bastionary/billing/rules/rating/money';
import { describe, expect, test } from '@jest/globals';
import { decimalOf, formatAmount, formatDecimal, formatExact, formatMinor, parseAmount, sumByCurrency } from './money';

describe('money on the screen', () => {
  test.each([
    ['1234', 'EUR', '12.34'],
    ['1234', 'JPY', '1234'],
    ['1234', 'KWD', '1.234'],
    ['5', 'EUR', '0.05'],
    ['-5', 'EUR', '-0.05'],
    ['0', 'KWD', '0.000'],
    ['900719925474099312345', 'USD', '9007199254740993123.45'],
  ])('%s minor units of %s are %s', (minor, currency, decimal) => {
    expect(decimalOf(minor, currency)).toBe(decimal);
  });

  test('a number of any size keeps every digit, its currency and a real minus', () => {
    expect(formatMinor('-900719925474099312345', 'EUR')).toBe('−9,007,199,254,740,993,123.45 EUR');
    expect(formatAmount('-1200', 'JPY')).toBe('−1,200');
    expect(formatDecimal('1000000.000400000001')).toBe('1,000,000.000400000001');
    expect(formatDecimal('not a number')).toBe('not a number');
  });

  test.each([
    ['0.04', 'EUR', '0.0004 EUR'],
    ['1250', 'EUR', '12.50 EUR'],
    ['-333.333333333333', 'EUR', '−3.33333333333333 EUR'],
    ['0.5', 'JPY', '0.5 JPY'],
    ['7', 'JPY', '7 JPY'],
    ['1000000000000.5', 'KWD', '1,000,000,000.0005 KWD'],
  ])('a rate of %s minor units of %s is %s', (minor, currency, shown) => {
    expect(formatExact(minor, currency)).toBe(shown);
  });

  test.each([
    ['12.34', 'EUR', '1234'],
    ['12', 'EUR', '1200'],
    ['12.3', 'EUR', '1230'],
    ['1,234.50', 'EUR', '123450'],
    [' 7 ', 'JPY', '7'],
    ['1.234', 'KWD', '1234'],
    ['12.345', 'EUR', null],
    ['12.5', 'JPY', null],
    ['1,2', 'EUR', null],
    ['-1', 'EUR', null],
    ['1e3', 'EUR', null],
    ['', 'EUR', null],
  ])('typed "%s" in %s is %s', (typed, currency, minor) => {
    expect(parseAmount(typed, currency)).toBe(minor);
  });

  test.each(['EUR', 'JPY', 'KWD', 'CLF'])('what is shown in %s can be typed back', (currency) => {
    for (let minor = 0n; minor < 10n ** 15n; minor = minor * 7n + 1n) {
      const shown = decimalOf(minor.toString(), currency);
      expect(parseAmount(shown, currency)).toBe(minor.toString());
      expect(shown.split('.')[1]?.length ?? 0).toBe(exponentOf(currency));
    }
  });

  test('sums stay within their currency', () => {
    const rows = [
      { currency: 'EUR', due: '1' },
      { currency: 'JPY', due: '5' },
      { currency: 'EUR', due: '-3' },
    ];
    expect(sumByCurrency(rows, ({ due }) => due)).toEqual([
      { currency: 'EUR', sum: '-2' },
      { currency: 'JPY', sum: '5' },
    ]);
  });
});
