import type { Price } from '@bastionary/contracts/prices';
import { expect, test } from '@jest/globals';
import { billingInterval } from './billing-interval.js';
import { recurringWorth } from './recurring-worth.js';

const price = (amount: string, some: Partial<Price> = {}): Price => ({
  key: 'p',
  model: 'flat',
  amount,
  currency: 'EUR',
  interval: 'month',
  interval_count: 1,
  timing: 'in_advance',
  ...some,
});
const unit = (unit_amount: string, some: Partial<Price> = {}): Price =>
  price('0', { model: 'per_unit', unit_amount, ...some });
const worth = (prices: Price[], quantity = 1) => recurringWorth(prices, 'EUR', quantity);

test.each<[string, Price[], Price[]]>([
  ['less money', [price('1999')], [price('2000')]],
  ['a year at the price of ten months', [price('10000', { interval: 'year' })], [price('1000')]],
  ['two months at the price of one', [price('1000', { interval_count: 2 })], [price('1000')]],
  ['money of another currency', [price('9900', { currency: 'USD' })], [price('1')]],
  ['no price', [], [price('1')]],
  ['the last decimal', [unit('0.000000000001')], [unit('0.000000000002')]],
  ['what nobody has used yet', [unit('5000', { meter: 'calls' })], [price('1')]],
])('%s is less', (_, less, more) => {
  expect(worth(less) < worth(more)).toBe(true);
});

test.each<[string, bigint, bigint]>([
  ['twelve months and a year', worth([price('1000')]), worth([price('12000', { interval: 'year' })])],
  ['three months and a quarter', worth([price('1000')]), worth([price('3000', { interval: 'quarter' })])],
  ['seven days and a week', worth([price('100', { interval: 'day' })]), worth([price('700', { interval: 'week' })])],
  ['three units and three times one', worth([unit('500')], 3), worth([price('1500')])],
  [
    'five units in two packages of three and two packages',
    worth([unit('500', { model: 'package', package_size: '3' })], 5),
    worth([price('1000')]),
  ],
  ['a flat price and itself for more units', worth([price('500')], 1), worth([price('500')], 9)],
  ['a minimum and as much money', worth([unit('1', { meter: 'calls', minimum: '500' })]), worth([price('500')])],
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
  ['quarters', [price('1', { interval: 'quarter' })], { unit: 'quarter', count: 1 }],
  ['else the first', [price('1', { currency: 'USD', interval: 'year' })], { unit: 'year', count: 1 }],
])('the billing interval: %s', (_, prices, expected) => {
  expect(billingInterval(prices, 'EUR')).toEqual(expected);
});
