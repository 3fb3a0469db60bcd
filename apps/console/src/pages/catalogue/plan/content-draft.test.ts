import type { FeatureType } from '@bastionary/contracts/entitlements';
import type { PlanVersionContent } from '@bastionary/contracts/plans';
import type { Price } from '@bastionary/contracts/prices';
import { expect, test } from '@jest/globals';
import { ApiError } from '../../../api/http';
import { type ContentDraft, readContent, refusedContent, writeContent } from './content-draft';
import { emptyPrice } from './price-draft';

const TYPES: Record<string, FeatureType> = { seats: 'limit', sso: 'switch', tier: 'value' };
const price = (some: Partial<Price>): Price => ({
  key: 'base',
  model: 'flat',
  currency: 'EUR',
  interval: 'month',
  interval_count: 1,
  timing: 'in_advance',
  ...some,
});
const metered = (some: Partial<Price>): Price => price({ meter: 'calls', timing: 'in_arrears', ...some });
const content: PlanVersionContent = {
  features: { seats: null, sso: true, tier: { level: 2 } },
  prices: [
    price({ amount: '3000' }),
    price({
      key: 'seat',
      model: 'per_unit',
      unit_amount: '450.5',
      interval: 'year',
      interval_count: 2,
      timing: 'in_arrears',
    }),
  ],
  trial_days: 14,
};
const every: Price[] = [
  metered({ key: 'a', model: 'per_unit', unit_amount: '0.06', free_units: '1000', minimum: '5000' }),
  metered({
    key: 'b',
    model: 'graduated',
    tiers: [
      { up_to: '10.5', unit_amount: '10', flat_amount: '200' },
      { up_to: null, unit_amount: '5' },
    ],
  }),
  price({ key: 'c', model: 'volume', currency: 'JPY', tiers: [{ up_to: null, unit_amount: '1.5' }] }),
  metered({ key: 'd', model: 'package', currency: 'KWD', unit_amount: '500', package_size: '100' }),
  metered({
    key: 'e',
    model: 'percentage',
    unit_amount: '1.3',
    free_units: '25000',
    flat_amount: '25',
    free_events: '2',
  }),
  metered({
    key: 'f',
    model: 'percentage',
    tiers: [
      { up_to: '100000', unit_amount: '2' },
      { up_to: null, unit_amount: '1' },
    ],
  }),
];
const read = (one: PlanVersionContent) => readContent(one, (key) => TYPES[key] ?? 'value');
const draft = (): ContentDraft => read(content);

test('what a version holds survives its fields, in every model', () => {
  expect(writeContent(draft())).toEqual({ body: content });
  expect(writeContent(read({ ...content, prices: every }))).toEqual({ body: { ...content, prices: every } });
});

test('an empty price takes over the rhythm of the one before, and is refused as long as it is empty', () => {
  const before = draft();
  const added = emptyPrice(before.prices[1]);
  expect(added).toMatchObject({ currency: 'EUR', interval: 'year', intervalCount: '2', timing: 'in_arrears' });
  expect(writeContent({ ...before, prices: [...before.prices, added] })).toEqual({
    faults: { [`prices.${added.id}.amount`]: 'must be an amount, such as 19.99' },
  });
});

test.each<[string, string, unknown]>([
  ['19,99', 'EUR', '1999'],
  ['1,234.5', 'EUR', '123450'],
  ['0,125', 'KWD', '125'],
  ['1400', 'jpy', '1400'],
  ['19.999', 'EUR', 'EUR has 2 decimals'],
  ['1.5', 'JPY', 'JPY has no decimals'],
  ['-1', 'EUR', 'must be an amount, such as 19.99'],
  ['€5', 'EUR', 'must be an amount, such as 19.99'],
])('%s %s is %s', (amount, currency, expected) => {
  const one = { ...emptyPrice(undefined), amount, currency };
  const written = writeContent({ features: {}, prices: [one], trialDays: '' });
  expect('body' in written ? written.body.prices[0]?.amount : written.faults[`prices.${one.id}.amount`]).toBe(expected);
});

test('everything that is wrong is said at its field', () => {
  const { features, prices } = draft();
  const [tiered] = read({ ...content, prices: every.slice(1, 2) }).prices;
  const wrong: ContentDraft = {
    features: { ...features, seats: { type: 'limit', typed: 'many', isUnlimited: false } },
    prices: [
      ...prices.map((one) => ({ ...one, currency: 'eurosss', intervalCount: '1.5' })),
      {
        ...tiered,
        id: 't',
        tiers: ['', '20', ''].map((upTo, index) => ({ id: `${index}`, upTo, each: 'x', flat: '' })),
      },
    ] as ContentDraft['prices'],
    trialDays: '-1',
  };
  const written = writeContent(wrong);
  expect('faults' in written && Object.keys(written.faults).sort()).toEqual([
    'features.seats',
    'prices.price-0.currency',
    'prices.price-0.interval_count',
    'prices.price-1.currency',
    'prices.price-1.interval_count',
    'prices.t.tiers.0.unit_amount',
    'prices.t.tiers.0.up_to',
    'prices.t.tiers.1.unit_amount',
    'prices.t.tiers.2.unit_amount',
    'trial_days',
  ]);
});

test('so is what the server refuses', () => {
  const errors = [
    { path: '/features/sso', code: 'unknown_feature', message: 'is no feature' },
    { path: '/prices/1/tiers/0/up_to', code: 'invalid', message: 'is too much' },
  ];
  const problem = { type: 't', title: 't', status: 422, code: 'invalid_request', detail: 'd', request_id: 'r', errors };
  expect(refusedContent(new ApiError(422, problem, null), draft())).toEqual({
    'features.sso': 'is no feature',
    'prices.price-1.tiers.0.up_to': 'is too much',
  });
});
