import type { Price } from '@bastionary/contracts/prices';
import { describe, expect, test } from '@jest/globals';
import { calculateLine, calculatorInputs, curve, reachOf, readQuantities, SEATS, totals } from './calculate';

const price = (some: Partial<Price>): Price => ({
  key: 'p',
  model: 'flat',
  currency: 'EUR',
  interval: 'month',
  interval_count: 1,
  timing: 'in_advance',
  ...some,
});
const seats = price({ key: 'seats', model: 'per_unit', unit_amount: '900' });
const calls = price({ key: 'calls', model: 'per_unit', unit_amount: '0.06', meter: 'calls', minimum: '500' });
const paid = price({ key: 'paid', model: 'percentage', unit_amount: '1.3', meter: 'paid', flat_amount: '25' });

test.each<[string, Price, Record<string, string>, bigint, string]>([
  ['EUR', price({ amount: '3000' }), {}, 3_000n, '30.00 flat'],
  ['seats', seats, { [SEATS]: '5' }, 4_500n, '5 × 9.00 = 45.00'],
  ['a minimum', calls, { calls: '1000' }, 500n, '1,000 × 0.0006 = 0.60; 4.40 up to the minimum of 5.00'],
  ['past the minimum', calls, { calls: '12345' }, 741n, '12,345 × 0.0006 = 7.407; rounded 7.41'],
  ['JPY', { ...seats, currency: 'JPY', unit_amount: '1.5' }, { [SEATS]: '3' }, 5n, '3 × 1.5 = 4.5; rounded 5'],
  ['KWD', { ...seats, currency: 'KWD' }, { [SEATS]: '2' }, 1_800n, '2 × 0.900 = 1.800'],
  [
    'events',
    paid,
    { paid: '10000', 'paid events': '4' },
    230n,
    '1.3 % of 100.00 = 1.30, then 4 events × 0.25 = 1.00; rounded 2.30',
  ],
])('%s', (_, one, quantities, amount, explanation) => {
  expect(calculateLine(one, quantities)).toEqual({ price: one, amount, explanation });
});

test('what is paid in one rhythm is added up', () => {
  const lines = [seats, price({ amount: '100' }), price({ amount: '50', interval: 'quarter', interval_count: 2 })];
  expect(totals(lines.map((one) => calculateLine(one, { [SEATS]: '2' })))).toEqual([
    { every: 'per month', amount: 1_900n },
    { every: 'every 2 quarters', amount: 50n },
  ]);
});

describe('what is typed', () => {
  const inputs = calculatorInputs([seats, calls, { ...calls, key: 'again' }, paid, price({ amount: '1' })]);
  test('is asked for once', () => {
    expect(inputs.map(({ label }) => label)).toEqual(['Quantity', 'calls', 'paid, EUR', 'Events of paid']);
  });

  test('is read in the currency where it is money, and said where it is no number', () => {
    const typed = { [SEATS]: '1.5', calls: '1,000,000.5', paid: '250', 'paid events': 'ten' };
    expect(readQuantities(inputs, typed, 'EUR')).toEqual({
      quantities: { [SEATS]: '0', calls: '1000000.5', paid: '25000', 'paid events': '0' },
      faults: { [SEATS]: 'must be a whole number', 'paid events': 'must be a whole number' },
    });
    expect(readQuantities(inputs, { paid: '250' }, 'JPY').quantities).toMatchObject({ paid: '250' });
  });
});

test('a curve goes from nothing past the last tier, and shows what a unit costs on average', () => {
  const tiers = [
    { up_to: '100', unit_amount: '10' },
    { up_to: null, unit_amount: '5' },
  ];
  const one = price({ model: 'graduated', tiers });
  const points = curve(one, reachOf(one, { [SEATS]: '5' }), {});
  expect([points[0], points.at(-1)]).toEqual([
    { quantity: 0, total: 0, average: null },
    { quantity: 150, total: 12.5, average: 12.5 / 150 },
  ]);
  expect(points).toHaveLength(49);
});
