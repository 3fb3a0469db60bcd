import type { Price } from '@bastionary/contracts/prices';
import { ratingStep } from '@bastionary/contracts/rating';
import { expect, test } from '@jest/globals';
import { explainRating } from './explain-rating.js';
import { minimumShortfall } from './minimum-shortfall.js';
import { ratePrice } from './rate-price.js';
import type { RatingFacts } from './rated.js';

const price = (model: Price['model'], some: Partial<Price>): Price => ({
  key: 'p',
  model,
  currency: 'EUR',
  interval: 'month',
  interval_count: 1,
  timing: 'in_arrears',
  ...some,
});
const graduated = price('graduated', {
  tiers: [
    { up_to: '1000', unit_amount: '10' },
    { up_to: null, unit_amount: '5', flat_amount: '200' },
  ],
});

test.each<[string, Price, string, RatingFacts]>([
  ['30.00 flat', price('flat', { amount: '3000' }), '7', {}],
  ['0 × 10.00 = 0.00', price('per_unit', { unit_amount: '1000' }), '0', {}],
  ['12 × 10.00 = 120.00', price('per_unit', { unit_amount: '1000' }), '12', {}],
  ['1,234 × 0.0006 = 0.7404; rounded 0.74', price('per_unit', { unit_amount: '0.06' }), '1234', {}],
  ['100 free, then 0 × 0.05 = 0.00', price('per_unit', { unit_amount: '5', free_units: '1000' }), '100', {}],
  ['1,000 × 0.10 = 100.00, then 500 × 0.05 + 2.00 = 27.00; rounded 127.00', graduated, '1500', {}],
  ['1,500 × 0.05 + 2.00 = 77.00', { ...graduated, model: 'volume' }, '1500', {}],
  [
    '10 free, then 12 packages of 10 × 1.00 = 12.00',
    price('package', { package_size: '10', amount: '100', free_units: '10' }),
    '121',
    {},
  ],
  [
    '1 package of 1,000 × 1.5 = 1.5; rounded 2',
    price('package', { currency: 'JPY', package_size: '1000', unit_amount: '1.5' }),
    '1',
    {},
  ],
  [
    '250.00 free, then 1.3 % of 550.00 = 7.15, then 2 events (2 free) × 2.00 = 4.00; rounded 11.15',
    price('percentage', { unit_amount: '1.3', free_units: '25000', flat_amount: '200', free_events: '2' }),
    '80000',
    { events: 4n },
  ],
])('%s', (words, one, quantity, facts) => {
  const rated = ratePrice(one, quantity, facts);
  expect(explainRating(rated, one.currency)).toBe(words);
  // Stored with invoices: every step has the form of the contract, with nothing besides.
  for (const step of rated.steps) expect(ratingStep.parse(step)).toEqual(step);
});

test('a minimum is told as what is missing to it', () => {
  const one = price('per_unit', { unit_amount: '5', minimum: '1000' });
  expect(explainRating(minimumShortfall(one, '150'), 'KWD')).toBe('0.850 up to the minimum of 1.000');
  expect(explainRating(minimumShortfall(one, '1000'), 'EUR')).toBe('nothing; rounded 0.00');
});
