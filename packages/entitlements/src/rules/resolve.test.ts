import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CustomerFacts, type FeatureFacts, type GrantFacts, resolve } from './resolve.js';

const NOW = 1_000;
const features: FeatureFacts[] = [
  { key: 'api', type: 'switch', combine: 'any', defaultValue: false },
  { key: 'region', type: 'value', combine: 'latest', defaultValue: 'eu' },
  { key: 'seats', type: 'limit', combine: 'sum', defaultValue: 1 },
  { key: 'storage', type: 'limit', combine: 'max', defaultValue: 5 },
];
let made = 0;
const grant = (given: Partial<GrantFacts>): GrantFacts => ({
  id: `grt_${String(++made).padStart(4, '0')}`,
  source: 'sbi_1',
  kind: 'plan',
  plan: 'pro@1',
  quantity: 1,
  features: {},
  from: 0,
  until: null,
  ...given,
});
const facts = (given: Partial<CustomerFacts> = {}): CustomerFacts => ({
  id: 'cus_1',
  status: 'active',
  features,
  grants: [],
  overrides: [],
  ...given,
});
const DEFAULTS = { api: false, region: 'eu', seats: 1, storage: 5 };

describe('what a customer may do', () => {
  test.each<[string, Partial<CustomerFacts>, Record<string, unknown>]>([
    ['nothing given: the defaults', {}, {}],
    ['a grant replaces the default, also by less', { grants: [grant({ features: { storage: 2 } })] }, { storage: 2 }],
    ['a sum counts seats', { grants: [grant({ features: { seats: 3 }, quantity: 4 })] }, { seats: 12 }],
    [
      'an add-on adds to the plan',
      { grants: [grant({ features: { seats: 3 } }), grant({ kind: 'add_on', features: { seats: 2 }, quantity: 2 })] },
      { seats: 7 },
    ],
    [
      'the largest wins',
      { grants: [grant({ features: { storage: 3 } }), grant({ features: { storage: 50 } })] },
      { storage: 50 },
    ],
    [
      'the newest wins, by when it began',
      { grants: [grant({ features: { region: 'us' }, from: 20 }), grant({ features: { region: 'jp' }, from: 10 })] },
      { region: 'us' },
    ],
    [
      'an add-on is newer than every plan',
      {
        grants: [
          grant({ kind: 'add_on', features: { region: 'jp' }, from: 10 }),
          grant({ features: { region: 'us' }, from: 20 }),
        ],
      },
      { region: 'jp' },
    ],
    [
      'of two that began together, that of the newer source; made anew it stays what it was',
      {
        grants: [
          grant({ source: 'sbi_2', features: { region: 'us' } }),
          grant({ source: 'sbi_1', features: { region: 'jp' } }),
        ],
      },
      { region: 'us' },
    ],
    ['a grant begins at its instant', { grants: [grant({ features: { api: true }, from: NOW })] }, { api: true }],
    ['and not before', { grants: [grant({ features: { api: true }, from: NOW + 1 })] }, {}],
    ['it ends at its instant', { grants: [grant({ features: { api: true }, until: NOW })] }, {}],
    ['and not before', { grants: [grant({ features: { api: true }, until: NOW + 1 })] }, { api: true }],
    [
      'an override wins, also by less',
      { grants: [grant({ features: { api: true } })], overrides: [{ feature: 'api', value: false, expiresAt: null }] },
      { api: false },
    ],
    [
      'null of a grant is a value: unlimited',
      { grants: [grant({ features: { seats: null, region: null } })] },
      { seats: null, region: null },
    ],
    [
      'null of an override is a value',
      { overrides: [{ feature: 'seats', value: null, expiresAt: null }] },
      { seats: null },
    ],
    ['an override ends at its instant', { overrides: [{ feature: 'api', value: true, expiresAt: NOW }] }, {}],
    ['and not before', { overrides: [{ feature: 'api', value: true, expiresAt: NOW + 1 }] }, { api: true }],
    ['what is no feature is nothing', { grants: [grant({ features: { gone: true, toString: 1 } })] }, {}],
  ])('%s', (_what, given, expected) => {
    expect(resolve(facts(given), NOW).features).toEqual({ ...DEFAULTS, ...expected });
  });

  test('plans in force, each once, sorted', () => {
    const grants = [
      grant({ plan: 'zeta@2' }),
      grant({ plan: 'alpha@10', kind: 'add_on' }),
      grant({ plan: 'zeta@2' }),
      grant({ plan: 'past@1', until: NOW }),
      grant({ plan: 'future@1', from: NOW + 1 }),
    ];
    expect(resolve(facts({ grants }), NOW).plans).toEqual(['alpha@10', 'zeta@2']);
  });

  test('a suspended customer says so, and what it would have', () => {
    const given = facts({ status: 'suspended', grants: [grant({ features: { api: true } })] });
    expect(resolve(given, NOW)).toMatchObject({ status: 'suspended', features: { api: true } });
  });
});

const instant = fc.integer({ min: 0, max: 100 });
const grants = fc.array(
  fc
    .tuple(instant, fc.option(instant), fc.constantFrom<'plan' | 'add_on'>('plan', 'add_on'), fc.nat(9))
    .map(([from, until, kind, seats]) => grant({ from, until, kind, features: { seats }, plan: `p${seats}@1` })),
  { maxLength: 6 },
);
const overrides = fc.uniqueArray(
  fc.record({ feature: fc.constantFrom('seats', 'api'), value: fc.nat(9), expiresAt: fc.option(instant) }),
  { selector: ({ feature }) => feature, maxLength: 2 },
);
const world = fc.tuple(grants, overrides).map(([some, exceptions]) => facts({ grants: some, overrides: exceptions }));
const answer = (of: CustomerFacts, at: number) => {
  const { validUntil, ...rest } = resolve(of, at);
  return rest;
};

describe('valid until', () => {
  test('nothing changes before it', () => {
    fc.assert(
      fc.property(world, instant, (of, at) => {
        const { validUntil } = resolve(of, at);
        for (let then = at; then < Math.min(validUntil ?? 200, 200); then++)
          expect(answer(of, then)).toEqual(answer(of, at));
      }),
    );
  });

  test('it lies ahead, and is null when nothing is to come', () => {
    fc.assert(
      fc.property(world, instant, (of, at) => {
        const { validUntil } = resolve(of, at);
        expect(validUntil === null || validUntil > at).toBe(true);
        expect(resolve(of, 101).validUntil).toBeNull();
      }),
    );
  });
});

test('the order in which facts are found does not matter', () => {
  fc.assert(
    fc.property(world, instant, (of, at) => {
      const turned = {
        ...of,
        grants: of.grants.toReversed(),
        overrides: of.overrides.toReversed(),
        features: of.features.toReversed(),
      };
      expect(resolve(turned, at)).toEqual(resolve(of, at));
    }),
  );
});
