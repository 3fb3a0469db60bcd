import type { FeatureValue } from '@bastionary/contracts/entitlements';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { featureChanges, leastValue } from './explain-entitlement-change.js';
import { explainFeature, type OverrideTold } from './explain-feature.js';
import { explainQuota } from './explain-quota.js';
import { isGiven } from './feature-value.js';
import { mayTake } from './quota.js';
import { type CustomerFacts, type FeatureFacts, type GrantFacts, resolve } from './resolve.js';

const NOW = Date.parse('2030-06-01T00:00:00Z');
const DAY = 86_400_000;
const FEATURES: Record<string, FeatureFacts> = {
  sso: { key: 'sso', type: 'switch', combine: 'any', defaultValue: false },
  seats: { key: 'seats', type: 'limit', combine: 'sum', defaultValue: 0 },
};
const grant = (plan: string, features: Record<string, FeatureValue>, some: Partial<GrantFacts> = {}): GrantFacts => ({
  id: `grt_${plan}`,
  source: 'sub_1',
  kind: 'plan',
  plan,
  quantity: 1,
  features,
  from: NOW - DAY,
  until: null,
  ...some,
});
const facts = (some: Partial<CustomerFacts> = {}): CustomerFacts => ({
  id: 'cus_1',
  status: 'active',
  features: Object.values(FEATURES),
  grants: [],
  overrides: [],
  ...some,
});
const seats = FEATURES.seats as FeatureFacts;
const told = (some: Partial<CustomerFacts>, override?: OverrideTold, at = NOW) =>
  explainFeature(facts(some), seats, override, { at, suffices: (value) => isGiven('limit', value) }).map(
    ({ fact, id, result }) => [fact, id, result],
  );

describe('how a limit comes to its value', () => {
  test('plans, add-ons and seats add up; what is to come informs', () => {
    const grants = [
      grant('pro@2', { seats: 10 }, { quantity: 3 }),
      grant('extra@1', { seats: 2 }, { kind: 'add_on', until: NOW + DAY }),
      grant('max@1', { seats: null }, { from: NOW + DAY }),
      grant('other@1', { sso: true }),
    ];
    expect(told({ grants })).toEqual([
      ['Unless a plan or an exception says otherwise, seats is 0.', 'seats', 'informs'],
      ['Plan pro@2 × 3 grants seats = 30 since 2030-05-31T00:00:00Z (sub_1).', 'pro@2', 'allows'],
      [
        'Add-on extra@1 grants seats = 2 since 2030-05-31T00:00:00Z until 2030-06-02T00:00:00Z (sub_1).',
        'extra@1',
        'allows',
      ],
      ['Plan max@1 will grant seats = unlimited from 2030-06-02T00:00:00Z (sub_1).', 'max@1', 'informs'],
      ['So seats is 32, the sum of 2.', 'seats', 'allows'],
    ]);
  });

  test('an exception wins, until it ends', () => {
    const grants = [grant('pro@2', { seats: 10 })];
    const expiresAt = NOW + DAY;
    const override = { feature: 'seats', value: 0, reason: 'Owes', createdAt: NOW, expiresAt };
    const world = { grants, overrides: [{ feature: 'seats', value: 0, expiresAt }] };
    expect(told(world, override).slice(2)).toEqual([
      ['An exception says seats is 0 until 2030-06-02T00:00:00Z: Owes', 'cus_1/overrides/seats', 'denies'],
      ['So seats is 0.', 'seats', 'denies'],
    ]);
    expect(told(world, override, expiresAt).slice(2)).toEqual([
      ['An exception said seats is 0; it ended at 2030-06-02T00:00:00Z.', 'cus_1/overrides/seats', 'informs'],
      ['So seats is 10.', 'seats', 'allows'],
    ]);
  });
});

test('the quota says what the reservation will', () => {
  for (const [limit, used] of [
    [5, 4],
    [5, 5],
    [5, 9],
    [0, 0],
    [null, 7],
    [null, Number.MAX_SAFE_INTEGER],
  ] as const) {
    expect(explainQuota('cus_1', 'seats', { limit, used }).result).toBe(mayTake(limit, used, 1) ? 'allows' : 'denies');
  }
});

const day = fc.integer({ min: -20, max: 60 });
const given = { sso: fc.boolean(), seats: fc.option(fc.nat(9)) };
const worlds = fc.record({
  key: fc.constantFrom('sso', 'seats'),
  grants: fc.array(fc.record({ sso: given.sso, seats: given.seats, from: day, lasts: fc.option(fc.nat(40)) }), {
    maxLength: 3,
  }),
  override: fc.option(
    fc.record({ sso: given.sso, seats: given.seats, until: fc.option(fc.integer({ min: 1, max: 60 })) }),
  ),
  used: fc.nat(12),
  ahead: fc.constantFrom(0, 0, 10, 45),
});

test('the change turns the answer, leaves nothing less now than it was, and is none where nothing is missing', () => {
  fc.assert(
    fc.property(worlds, ({ key, grants, override, used, ahead }) => {
      const feature = FEATURES[key] as FeatureFacts;
      const at = NOW + ahead * DAY;
      const before = facts({
        grants: grants.map(({ from, lasts, ...features }, index) =>
          grant(`p@${index + 1}`, features, {
            from: NOW + from * DAY,
            until: lasts === null ? null : NOW + (from + lasts) * DAY,
          }),
        ),
        overrides:
          override === null
            ? []
            : [
                {
                  feature: key,
                  value: override[key as 'sso' | 'seats'],
                  expiresAt: override.until === null ? null : NOW + override.until * DAY,
                },
              ],
      });
      const suffices = (value: FeatureValue | undefined) =>
        key === 'sso' ? value === true : mayTake(value as number | null, used, 1);
      const least = key === 'sso' ? leastValue('switch') : used + 1;
      const until = new Date(at + 30 * DAY);
      const changes = featureChanges(before, { feature, suffices, least }, { now: NOW, at, until });
      if (suffices(resolve(before, at).features[key])) return expect(changes).toEqual([]);
      const [change] = changes;
      const body = change?.request?.body;
      const overrides = body
        ? [
            {
              feature: key,
              value: body.value as FeatureValue,
              expiresAt: body.expires_at ? Date.parse(String(body.expires_at)) : null,
            },
          ]
        : [];
      const after = { ...before, overrides };
      expect([changes.length, change?.request?.method]).toEqual([1, body ? 'PUT' : 'DELETE']);
      expect(suffices(resolve(after, at).features[key])).toBe(true);
      const [was, is] = [resolve(before, NOW).features[key], resolve(after, NOW).features[key]];
      const worth = (value: FeatureValue | undefined) => (value === null ? Number.POSITIVE_INFINITY : Number(value));
      expect(worth(is)).toBeGreaterThanOrEqual(worth(was));
    }),
    { numRuns: 2_000 },
  );
});
