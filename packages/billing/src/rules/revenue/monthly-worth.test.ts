import type { Price } from '@bastionary/contracts/prices';
import { expect, test } from '@jest/globals';
import { monthlyWorth } from './monthly-worth.js';

const flat = (amount: string, some: Partial<Price> = {}): Price => ({
  key: 'base',
  model: 'flat',
  currency: 'EUR',
  interval: 'month',
  interval_count: 1,
  timing: 'in_advance',
  amount,
  ...some,
});
const seat = (unit_amount: string, some: Partial<Price> = {}): Price => {
  const { amount: _, ...price } = flat('0');
  return { ...price, key: 'seats', model: 'per_unit', unit_amount, ...some };
};

test.each<[string, Price[], number, bigint]>([
  ['a month', [flat('1000')], 1, 1_000n],
  ['a year', [flat('12000', { interval: 'year' })], 1, 1_000n],
  ['a quarter', [flat('3000', { interval: 'quarter' })], 1, 1_000n],
  ['a week: 52 of them in 12 months', [flat('300', { interval: 'week' })], 1, 1_300n],
  ['a day: 365 of them in 12 months', [flat('120', { interval: 'day' })], 1, 3_650n],
  ['two years', [flat('24000', { interval: 'year', interval_count: 2 })], 1, 1_000n],
  ['seats', [seat('950')], 12, 11_400n],
  ['tiers of seats', [tiers()], 12, 10n * 1_000n + 2n * 500n],
  ['a year that does not divide by twelve, rounded once', [flat('10000', { interval: 'year' })], 1, 833n],
  ['halves that make a whole together', [seat('0.5'), seat('0.5')], 1, 1n],
  ['usage, which does not recur', [seat('5', { meter: 'calls', timing: 'in_arrears' })], 1, 0n],
  ['another currency', [flat('1000', { currency: 'USD' })], 1, 0n],
  ['no price', [], 1, 0n],
])('%s', (_, prices, quantity, worth) => {
  expect(monthlyWorth([{ prices, quantity }], 'EUR')).toBe(worth);
});

test('a plan and its add-ons add up before they are rounded', () => {
  const third = { prices: [flat('4', { interval: 'year' })], quantity: 1 };
  expect(monthlyWorth([third], 'EUR')).toBe(0n);
  expect(monthlyWorth([third, third], 'EUR')).toBe(1n);
});

function tiers(): Price {
  const { amount: _, ...price } = flat('0');
  return {
    ...price,
    model: 'graduated',
    tiers: [
      { up_to: '10', unit_amount: '1000' },
      { up_to: null, unit_amount: '500' },
    ],
  };
}
