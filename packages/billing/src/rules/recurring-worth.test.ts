import type { Price } from '@bastionary/contracts/plans';
import { expect, test } from '@jest/globals';
import { billingInterval } from './billing-interval.js';
import { recurringWorth } from './recurring-worth.js';

const price = (amount: string, some: Partial<Price> = {}): Price => ({
  kind: 'flat',
  amount,
  currency: 'EUR',
  interval: 'month',
  interval_count: 1,
  billing: 'in_advance',
  ...some,
});
const worth = (prices: Price[], quantity = 1) => recurringWorth(prices, 'EUR', quantity);

test.each<[string, Price[], Price[]]>([
  ['less money', [price('19.99')], [price('20')]],
  ['a year at the price of ten months', [price('100', { interval: 'year' })], [price('10')]],
  ['two months at the price of one', [price('10', { interval_count: 2 })], [price('10')]],
  ['money of another currency', [price('99', { currency: 'USD' })], [price('0.01')]],
  ['no price', [], [price('0.01')]],
  ['the last decimal', [price('0.000000000001')], [price('0.000000000002')]],
])('%s is less', (_, less, more) => {
  expect(worth(less) < worth(more)).toBe(true);
});

test.each<[string, bigint, bigint]>([
  ['twelve months and a year', worth([price('10')]), worth([price('120', { interval: 'year' })])],
  ['seven days and a week', worth([price('1', { interval: 'day' })]), worth([price('7', { interval: 'week' })])],
  ['three units and three times one', worth([price('5', { kind: 'per_unit' })], 3), worth([price('15')])],
  ['a flat price and itself for more units', worth([price('5')], 1), worth([price('5')], 9)],
])('%s are the same', (_, one, other) => {
  expect(one).toBe(other);
});

test.each<[string, Price[], object]>([
  ['no price: months', [], { unit: 'month', count: 1 }],
  [
    "the customer's currency first",
    [price('1', { currency: 'USD', interval: 'year' }), price('1', { interval: 'week', interval_count: 2 })],
    { unit: 'week', count: 2 },
  ],
  ['else the first', [price('1', { currency: 'USD', interval: 'year' })], { unit: 'year', count: 1 }],
])('the billing interval: %s', (_, prices, expected) => {
  expect(billingInterval(prices, 'EUR')).toEqual(expected);
});
