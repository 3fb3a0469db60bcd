import type { Price } from '@bastionary/contracts/plans';
import { expect, test } from '@jest/globals';
import { pricesWords, wordsByCurrency } from './price-words';

const price = (amount: string, currency: string, some: Partial<Price> = {}): Price => ({
  kind: 'flat',
  amount,
  currency,
  interval: 'month',
  interval_count: 1,
  billing: 'in_advance',
  ...some,
});
const seat = { kind: 'per_unit' } as const;

test.each<[string, Price[]]>([
  ['no price', []],
  ['€10.00 per month', [price('10', 'EUR')]],
  ['€10.00 per month + €2.50 per unit per month', [price('10', 'EUR'), price('2.5', 'EUR', seat)]],
  ['€10.00 per month, and in 1 more currency', [price('10', 'EUR'), price('12', 'USD')]],
  ['€1.00 per month, and in 2 more currencies', [price('1', 'EUR'), price('2', 'USD'), price('3', 'GBP')]],
])('%s', (words, prices) => {
  expect(pricesWords(prices)).toBe(words);
});

test('only what is paid together is added up', () => {
  const prices = [price('10', 'EUR'), price('12', 'USD'), price('2', 'EUR', seat), price('3', 'USD', seat)];
  expect(wordsByCurrency(prices)).toEqual([
    '€10.00 per month + €2.00 per unit per month',
    '$12.00 per month + $3.00 per unit per month',
  ]);
});
