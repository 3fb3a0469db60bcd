import type { Price } from '@bastionary/contracts/prices';
import { expect, test } from '@jest/globals';
import { pricesWords, priceWords, wordsByCurrency } from './price-words';

const price = (amount: string, currency: string, some: Partial<Price> = {}): Price => ({
  key: 'p',
  model: 'flat',
  amount,
  currency,
  interval: 'month',
  interval_count: 1,
  timing: 'in_advance',
  ...some,
});
const seat = (unit_amount: string, currency: string) => price('', currency, { model: 'per_unit', unit_amount });

test.each<[string, Price[]]>([
  ['no price', []],
  ['€10.00 per month', [price('1000', 'EUR')]],
  ['€10.00 per month + €2.50 per unit per month', [price('1000', 'EUR'), seat('250', 'EUR')]],
  ['€10.00 per month, and in 1 more currency', [price('1000', 'EUR'), price('1200', 'USD')]],
  ['€1.00 per month, and in 2 more currencies', [price('100', 'EUR'), price('200', 'USD'), price('300', 'GBP')]],
])('%s', (words, prices) => {
  expect(pricesWords(prices)).toBe(words);
});

test('only what is paid together is added up', () => {
  const prices = [price('1000', 'EUR'), price('1200', 'USD'), seat('200', 'EUR'), seat('300', 'USD')];
  expect(wordsByCurrency(prices)).toEqual([
    '€10.00 per month + €2.00 per unit per month',
    '$12.00 per month + $3.00 per unit per month',
  ]);
});

const metered = (model: Price['model'], some: Partial<Price>): Price =>
  price('', 'EUR', { model, meter: 'calls', timing: 'in_arrears', ...some });
const tiers = [
  { up_to: '1000', unit_amount: '10', flat_amount: '200' },
  { up_to: null, unit_amount: '0.06' },
];
test.each<[string, Price]>([
  ['¥1,400 per quarter', price('1400', 'JPY', { interval: 'quarter' })],
  [
    '€0.0006 per unit of calls per month, the first 1,000 free',
    metered('per_unit', { unit_amount: '0.06', free_units: '1000' }),
  ],
  [
    '€0.10 + €2.00 up to 1,000, then €0.0006 per unit of calls, tier by tier, per month, at least €50.00',
    metered('graduated', { tiers, minimum: '5000' }),
  ],
  [
    '€0.10 + €2.00 up to 1,000, then €0.0006 per unit of calls, all at the tier reached, per month',
    metered('volume', { tiers }),
  ],
  ['€5.00 per 100 units of calls per month', metered('package', { amount: '500', package_size: '100' })],
  [
    '€5.00 per 100 units every 2 weeks, in arrears',
    price('500', 'EUR', {
      model: 'package',
      package_size: '100',
      interval: 'week',
      interval_count: 2,
      timing: 'in_arrears',
    }),
  ],
  [
    '1.3 % of calls per month, the first €250.00 free, and €0.25 per event after 2',
    metered('percentage', { unit_amount: '1.3', free_units: '25000', flat_amount: '25', free_events: '2' }),
  ],
  [
    '1 % up to €10.00, then 2 % of calls, tier by tier, per month',
    metered('percentage', {
      tiers: [
        { up_to: '1000', unit_amount: '1' },
        { up_to: null, unit_amount: '2' },
      ],
    }),
  ],
])('%s', (words, one) => {
  expect(priceWords(one)).toBe(words);
});
