import type { FeatureType } from '@bastionary/contracts/entitlements';
import type { PlanVersionContent } from '@bastionary/contracts/plans';
import type { Price } from '@bastionary/contracts/prices';
import { describe, expect, test } from '@jest/globals';
import { diffSentence, versionDiff } from './version-diff';

const TYPES: Record<string, FeatureType> = { api_calls: 'limit', seats: 'limit', sso: 'switch', tier: 'value' };
const price = (amount: string, some: Partial<Price> = {}): Price => ({
  key: 'base',
  model: 'flat',
  amount,
  currency: 'EUR',
  interval: 'month',
  interval_count: 1,
  timing: 'in_advance',
  ...some,
});
const version = (some: Partial<PlanVersionContent>): PlanVersionContent => ({
  features: {},
  prices: [],
  trial_days: 0,
  ...some,
});
const sentence = (before: Partial<PlanVersionContent>, after: Partial<PlanVersionContent>) =>
  diffSentence(versionDiff(version(before), version(after), (key) => TYPES[key] ?? 'value'));

describe('the difference of two versions in words', () => {
  test.each<[string, Partial<PlanVersionContent>, Partial<PlanVersionContent>]>([
    ['', { features: { sso: true }, prices: [price('1000')] }, { features: { sso: true }, prices: [price('1000')] }],
    [
      'api_calls 1,000 → 5,000; sso added',
      { features: { api_calls: 1_000 } },
      { features: { sso: true, api_calls: 5_000 } },
    ],
    ['seats 5 → unlimited', { features: { seats: 5 } }, { features: { seats: null } }],
    ['seats added (3); tier removed (gold)', { features: { tier: 'gold' } }, { features: { seats: 3 } }],
    [
      'sso on → off; tier gold → {"level":2}',
      { features: { sso: true, tier: 'gold' } },
      { features: { sso: false, tier: { level: 2 } } },
    ],
    ['price base €10.00 per month → €12.50 per month', { prices: [price('1000')] }, { prices: [price('1250')] }],
    [
      'price base removed (€10.00 per month); price yearly added (€100.00 per year)',
      { prices: [price('1000')] },
      { prices: [price('10000', { key: 'yearly', interval: 'year' })] },
    ],
    [
      'price base €10.00 per month → €30.00 every 3 months, in arrears',
      { prices: [price('1000')] },
      { prices: [price('3000', { interval_count: 3, timing: 'in_arrears' })] },
    ],
    [
      'price calls added (€0.0004 per unit of calls per day)',
      { prices: [price('1000')] },
      {
        prices: [
          price('1000'),
          price('', { key: 'calls', model: 'per_unit', unit_amount: '0.04', meter: 'calls', interval: 'day' }),
        ],
      },
    ],
    ['trial added (14 days)', {}, { trial_days: 14 }],
    ['trial 14 days → 1 day', { trial_days: 14 }, { trial_days: 1 }],
  ])('%s', (words, before, after) => {
    expect(sentence(before, after)).toBe(words);
  });
});

test('of many differences the first are named and the others counted', () => {
  const before = { prices: [price('100'), price('200', { key: 'usd', currency: 'USD' })], features: { sso: true } };
  const differences = versionDiff(version(before), version({ features: { seats: 3 } }), (key) => TYPES[key] ?? 'value');
  expect([diffSentence(differences, 2), diffSentence(differences, 4)]).toEqual([
    'seats added (3); sso removed; and 2 more',
    'seats added (3); sso removed; price base removed (€1.00 per month); price usd removed ($2.00 per month)',
  ]);
});
