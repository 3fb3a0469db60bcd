import { describe, expect, test } from '@jest/globals';
import {
  type ExplainedSubscription,
  explainOffer,
  explainPlansThen,
  explainSubscriptions,
} from './explain-subscription.js';
import type { SubscriptionFacts } from './subscription-state.js';

const NOW = new Date('2030-06-01T00:00:00Z');
const on = (days: number): Date => new Date(NOW.getTime() + days * 86_400_000);
const PLANS: Record<string, Record<string, boolean>> = {
  'pro@2': { sso: true },
  'free@1': {},
  'old@1': { sso: false },
};
const featuresOf = (plan: string) => PLANS[plan] ?? {};
const subscription = (
  facts: Partial<SubscriptionFacts>,
  more: Partial<ExplainedSubscription['contract']> = {},
): ExplainedSubscription => ({
  id: 'sub_1',
  createdAt: on(-30),
  settledAt: on(-30),
  contract: {
    facts: {
      start: on(-30),
      trialEnd: null,
      cancelAt: null,
      canceledAt: null,
      pausedFrom: null,
      pausedUntil: null,
      pastDueSince: null,
      graceSeconds: 0,
      suspendedAt: null,
      refundedAt: null,
      ...facts,
    },
    cycle: { anchor: on(-30), timeZone: 'UTC', interval: { unit: 'month', count: 1 } },
    items: [{ kind: 'plan', plan: 'pro@2', quantity: 2, since: on(-30) }],
    changes: [],
    ...more,
  },
});
const asked = (isHad: boolean) => ({ feature: 'sso', suffices: (value: unknown) => value === true, isHad });
const told = (one: ExplainedSubscription, isHad = false, at = NOW) =>
  explainSubscriptions([one], featuresOf, asked(isHad), at).map(({ fact, result }) => [fact, result]);

describe('a subscription', () => {
  test.each<[string, Partial<SubscriptionFacts>, string, string]>([
    ['active', {}, 'is active since 2030-05-02T00:00:00Z: pro@2 × 2.', 'allows'],
    ['on trial', { trialEnd: on(3) }, 'is on trial until 2030-06-04T00:00:00Z: pro@2 × 2.', 'allows'],
    [
      'about to end',
      { cancelAt: on(3) },
      'is active since 2030-05-02T00:00:00Z, and ends at 2030-06-04T00:00:00Z: pro@2 × 2.',
      'allows',
    ],
    [
      'to come',
      { start: on(3) },
      'begins only at 2030-06-04T00:00:00Z, so nothing of pro@2 × 2 counts, sso neither.',
      'denies',
    ],
    [
      'paused',
      { pausedFrom: on(-1), pausedUntil: on(1) },
      'is paused since 2030-05-31T00:00:00Z until 2030-06-02T00:00:00Z, so nothing of pro@2 × 2 counts, sso neither.',
      'denies',
    ],
    [
      'canceled',
      { canceledAt: on(-1) },
      'was canceled at 2030-05-31T00:00:00Z, so nothing of pro@2 × 2 counts, sso neither.',
      'denies',
    ],
    [
      'suspended',
      { suspendedAt: on(-1) },
      'is suspended since 2030-05-31T00:00:00Z, so nothing of pro@2 × 2 counts, sso neither.',
      'denies',
    ],
    [
      'in grace',
      { pastDueSince: on(-1), graceSeconds: 864_000 },
      'is past due since 2030-05-31T00:00:00Z, and works on for the time of grace: pro@2 × 2.',
      'allows',
    ],
  ])('%s', (_what, facts, fact, result) => {
    expect(told(subscription(facts))).toEqual([[`Subscription sub_1 ${fact}`, result]]);
  });

  test('one that is not in force stands in nobody’s way if the feature comes from elsewhere', () => {
    expect(told(subscription({ pausedFrom: on(-1) }), true)).toMatchObject([[expect.anything(), 'informs']]);
  });

  test('a change to come is told, and taken into account where it has come', () => {
    const changes = [
      { id: 'sch_1', at: on(3), change: { plan: 'free@1', quantity: 1 }, status: 'pending' as const, interval: null },
    ];
    const one = subscription({}, { changes });
    expect(told(one)).toEqual([
      ['Subscription sub_1 is active since 2030-05-02T00:00:00Z: pro@2 × 2.', 'allows'],
      ['From 2030-06-04T00:00:00Z on it is arranged to be: plan free@1, quantity 1.', 'informs'],
    ]);
    expect(told(one, false, on(4))).toEqual([
      ['Subscription sub_1 is active since 2030-05-02T00:00:00Z: free@1, without sso.', 'informs'],
    ]);
  });

  test('one made later was not there', () => {
    expect(told(subscription({}), false, on(-40))).toEqual([['The customer has no subscription.', 'informs']]);
  });
});

test('where it could be bought is said only where it is missing', () => {
  expect(explainOffer(['free@1', 'pro@2'], featuresOf, asked(true))).toEqual([]);
  expect(explainOffer(['free@1', 'pro@2'], featuresOf, asked(false))).toMatchObject([
    { fact: 'Plans and add-ons that give sso: pro@2.', result: 'informs' },
  ]);
  expect(explainOffer(['free@1'], featuresOf, asked(false))).toMatchObject([
    { fact: 'No plan and no add-on gives sso.' },
  ]);
});

test('the plans of a past instant give what they gave', () => {
  expect(explainPlansThen(['free@1', 'old@1', 'pro@2'], featuresOf, asked(true))).toEqual([
    { step: 'plan_version', fact: 'Plan free@1 does not grant sso.', id: 'free@1', result: 'informs' },
    { step: 'plan_version', fact: 'Plan old@1 grants sso = false.', id: 'old@1', result: 'informs' },
    { step: 'plan_version', fact: 'Plan pro@2 grants sso = true.', id: 'pro@2', result: 'allows' },
  ]);
});
