import type { FeatureType } from '@bastionary/contracts/entitlements';
import type { PlanVersionContent } from '@bastionary/contracts/plans';
import { expect, test } from '@jest/globals';
import { ApiError } from '../../../api/http';
import { type ContentDraft, emptyPrice, readContent, refusedContent, writeContent } from './content-draft';

const TYPES: Record<string, FeatureType> = { seats: 'limit', sso: 'switch', tier: 'value' };
const content: PlanVersionContent = {
  features: { seats: null, sso: true, tier: { level: 2 } },
  prices: [
    { kind: 'flat', amount: '30', currency: 'EUR', interval: 'month', interval_count: 1, billing: 'in_advance' },
    {
      key: 'seat',
      kind: 'per_unit',
      amount: '4.5',
      currency: 'EUR',
      interval: 'year',
      interval_count: 2,
      billing: 'in_arrears',
    },
  ],
  trial_days: 14,
};
const draft = (): ContentDraft => readContent(content, (key) => TYPES[key] ?? 'value');

test('what a version holds survives its fields', () => {
  expect(writeContent(draft())).toEqual({ body: content });
});

test('an empty price takes over the rhythm of the one before, and is refused as long as it is empty', () => {
  const before = draft();
  const added = emptyPrice(before.prices[1]);
  expect(added).toMatchObject({ currency: 'EUR', interval: 'year', intervalCount: '2', billing: 'in_arrears' });
  expect(writeContent({ ...before, prices: [...before.prices, added] })).toEqual({
    faults: { [`prices.${added.id}.amount`]: 'must be a decimal number such as 19.99' },
  });
});

test('everything that is wrong is said at its field', () => {
  const { features, prices } = draft();
  const wrong: ContentDraft = {
    features: { ...features, seats: { type: 'limit', typed: 'many', isUnlimited: false } },
    prices: prices.map((price) => ({ ...price, currency: 'eurosss', intervalCount: '1.5' })),
    trialDays: '-1',
  };
  const written = writeContent(wrong);
  expect('faults' in written && Object.keys(written.faults).sort()).toEqual([
    'features.seats',
    'prices.price-0.currency',
    'prices.price-0.interval_count',
    'prices.price-1.currency',
    'prices.price-1.interval_count',
    'trial_days',
  ]);
});

test('so is what the server refuses', () => {
  const errors = [
    { path: '/features/sso', code: 'unknown_feature', message: 'is no feature' },
    { path: '/prices/1/amount', code: 'invalid', message: 'is too much' },
  ];
  const problem = { type: 't', title: 't', status: 422, code: 'invalid_request', detail: 'd', request_id: 'r', errors };
  expect(refusedContent(new ApiError(422, problem, null), draft())).toEqual({
    'features.sso': 'is no feature',
    'prices.price-1.amount': 'is too much',
  });
});
