import type { Condition, FlagSettings, Rollout, SegmentRules } from '@bastionary/contracts/flag-rules';
import fc from 'fast-check';
import type { ConfiguredFlag, Context, EnvironmentModel, Json, PlannedChange, Platform } from '../src/rules/model.js';

// Models and contexts for tests: small alphabets, so that conditions hold about as often as not.
export const NOW = Date.UTC(2026, 10, 24, 12, 0, 0, 500);
const KEYS = ['a', 'b', 'c', 'd'] as const;
const SEGMENTS = ['s0', 's1', 's2'] as const;
const ATTRIBUTES = [
  'x',
  'y',
  'o.p',
  'o.length',
  'targetingKey',
  '$platform.plan',
  '$platform.entitlements.api.calls',
  '$platform.plans',
];
const WORDS = ['', 'a', 'ab', 'b', 'pro', '5', '1.2.0', 'v2', '[object Object]', '$&', 'é\u{1f600}', 'true'];
const NUMBERS = [-1, 0, 1, 5, 1.5, 1e21];
const VARIANTS = ['on', 'off', 'third', 'fourth'] as const;
const INSTANTS = [-2_000, -500, 0, 500, 5_000].map((offset) => NOW + offset);

const word = fc.constantFrom(...WORDS.filter((one) => one !== ''));
const attribute = fc.constantFrom(...ATTRIBUTES);
const number = fc.constantFrom(...NUMBERS);
const instant = fc.constantFrom(...INSTANTS).map((at) => new Date(at).toISOString());

const attributeCondition = fc.oneof(
  fc.record({
    attribute,
    operator: fc.constantFrom('equals', 'not_equals'),
    value: fc.oneof(word, number, fc.boolean()),
  }),
  fc.record({
    attribute,
    operator: fc.constantFrom('in', 'not_in'),
    values: fc.array(fc.oneof(word, number), { minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    attribute,
    operator: fc.constantFrom('contains', 'not_contains', 'starts_with', 'ends_with'),
    value: word,
  }),
  fc.record({
    attribute,
    operator: fc.constantFrom('less_than', 'at_most', 'greater_than', 'at_least'),
    value: number,
  }),
  fc.record({
    attribute: fc.oneof(attribute, fc.constant('$flagd.timestamp')),
    operator: fc.constantFrom('before', 'after'),
    value: instant,
  }),
  fc.record({
    attribute,
    operator: fc.constantFrom('semver_equals', 'semver_below', 'semver_at_least', 'semver_compatible'),
    value: fc.constantFrom('1.2.0', '2.0.0', '1.10.0-beta.1'),
  }),
  fc.record({ attribute, operator: fc.constant('matches'), value: fc.constantFrom('^a', 'b$', '(a|b)+', '[0-9.]+') }),
);

/** Conditions that ask for the flags and segments that come before: no circles. */
const condition = (flags: readonly string[], segments: readonly string[]): fc.Arbitrary<Condition> =>
  fc.oneof(
    { arbitrary: attributeCondition, weight: 6 },
    ...(segments.length === 0
      ? []
      : [
          {
            arbitrary: fc.record({ segment: fc.constantFrom(...segments), operator: fc.constantFrom('in', 'not_in') }),
            weight: 2,
          },
        ]),
    ...(flags.length === 0
      ? []
      : [
          {
            arbitrary: fc.record({
              flag: fc.constantFrom(...flags),
              operator: fc.constantFrom('serves', 'does_not_serve'),
              variant: fc.constantFrom(...VARIANTS),
            }),
            weight: 2,
          },
        ]),
  ) as fc.Arbitrary<Condition>;

const rollout: fc.Arbitrary<Rollout> = fc
  .uniqueArray(fc.constantFrom(...VARIANTS), { minLength: 1, maxLength: 4 })
  .chain((variants) =>
    fc
      .array(fc.integer({ min: 0, max: 50 }), { minLength: variants.length, maxLength: variants.length })
      .map((parts) => {
        const total = parts.reduce((sum, part) => sum + part, 0);
        if (total === 0) return variants.map((variant, index) => ({ variant, weight: index === 0 ? 100 : 0 }));
        const weights = parts.map((part) => Math.floor((part / total) * 100_000));
        weights[0] = (weights[0] ?? 0) + 100_000 - weights.reduce((sum, part) => sum + part, 0);
        return variants.map((variant, index) => ({ variant, weight: (weights[index] ?? 0) / 1_000 }));
      }),
  );

const rules = (flags: readonly string[]) =>
  fc
    .array(
      fc.record({
        when: fc.array(condition(flags, SEGMENTS), { maxLength: 3 }),
        serve: fc.oneof(fc.constantFrom(...VARIANTS), rollout),
      }),
      { maxLength: 3 },
    )
    .map((all) =>
      all.map(({ when, serve }, index) => ({
        id: `r${index}`,
        when,
        ...(typeof serve === 'string' ? { variant: serve } : { rollout: serve }),
      })),
    );

const often = { weight: 4, arbitrary: fc.constant(true) };
const enabled = fc.oneof(often, { weight: 1, arbitrary: fc.constant(false) });

const configured = (key: string, earlier: readonly string[]): fc.Arbitrary<ConfiguredFlag> =>
  fc
    .record({
      enabled,
      rules: rules(earlier),
      rollout: fc.option(rollout, { nil: null }),
      seed: fc.constantFrom(key, 'shared'),
      bucket_by: fc.constantFrom('targetingKey', 'targetingKey', 'x', 'o.p'),
      prerequisites:
        earlier.length === 0
          ? fc.constant([])
          : fc.array(
              fc.record({
                flag: fc.constantFrom(...earlier),
                variants: fc.uniqueArray(fc.constantFrom(...VARIANTS), { minLength: 1, maxLength: 3 }),
              }),
              { maxLength: 1 },
            ),
      entitlement: fc.constantFrom(null, null, null, 'api.calls'),
      defaultVariant: fc.constantFrom(...VARIANTS),
      offVariant: fc.constantFrom(...VARIANTS),
      planned: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        {
          weight: 1,
          arbitrary: fc.array(
            fc.record({
              at: fc.constantFrom(...INSTANTS),
              change: fc.record(
                { enabled, rules: rules(earlier), rollout: fc.option(rollout, { nil: null }) },
                { requiredKeys: [], noNullPrototype: true },
              ),
            }),
            { minLength: 1, maxLength: 2 },
          ),
        },
      ),
    })
    .map(({ entitlement, defaultVariant, offVariant, planned, ...settings }) => ({
      definition: {
        key,
        type: 'string',
        variants: Object.fromEntries(VARIANTS.map((name) => [name, `${key}:${name}`])),
        defaultVariant,
        offVariant,
        entitlement,
        requiredPlan: 'pro',
        isPublic: true,
      },
      settings: settings as FlagSettings,
      planned: (planned as Omit<PlannedChange, 'id'>[])
        .map((change, index) => ({ id: `c${index}`, ...change }))
        .sort((one, other) => one.at - other.at),
    }));

const segment = (earlier: readonly string[]): fc.Arbitrary<SegmentRules> =>
  fc.record({
    included: fc.array(word, { maxLength: 2 }),
    excluded: fc.array(word, { maxLength: 1 }),
    groups: fc.array(fc.record({ when: fc.array(condition([], earlier), { minLength: 1, maxLength: 2 }) }), {
      maxLength: 2,
    }),
  });

/** @param derived whether rules may ask for what only the server works out */
export const arbitraryModel: fc.Arbitrary<EnvironmentModel> = fc
  .tuple(
    fc.tuple(...KEYS.map((key, index) => configured(key, KEYS.slice(0, index)))),
    fc.tuple(...SEGMENTS.map((_, index) => segment(SEGMENTS.slice(0, index)))),
  )
  .map(([flags, segments]) => ({
    environment: 'test',
    revision: '7',
    flags: new Map(flags.map((flag) => [flag.definition.key, flag])),
    segments: new Map(segments.map((rules, index) => [SEGMENTS[index] as string, rules])),
  }));

const value: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom(...WORDS),
  number,
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.oneof(word, number, fc.constant({}), fc.constant(null)), { maxLength: 3 }),
  fc.dictionary(
    fc.constantFrom('p', 'length', 'toString', 'valueOf', '__proto__', 'constructor'),
    fc.oneof(word, number),
    {
      maxKeys: 2,
    },
  ),
) as fc.Arbitrary<Json>;

/** What applications send, honest or not. */
export const arbitraryContext: fc.Arbitrary<Context> = fc.oneof(
  fc.record(
    { targetingKey: fc.oneof(word, value), x: value, y: value, o: value },
    { requiredKeys: [], noNullPrototype: true },
  ),
  fc
    .constantFrom('{"__proto__":{"x":"a","$platform":{"plan":"pro"}}}', '{"$platform":{"plan":"pro"},"constructor":1}')
    .map((text) => JSON.parse(text) as Context),
);

/** What the server says. */
export const arbitraryPlatform: fc.Arbitrary<Platform> = fc.record(
  {
    plan: fc.constantFrom('pro', 'a'),
    plans: fc.array(fc.constantFrom('pro', 'a'), { maxLength: 2 }),
    entitlements: fc.record(
      { 'api:calls': fc.oneof(fc.boolean(), number) },
      { requiredKeys: [], noNullPrototype: true },
    ),
  },
  { requiredKeys: [], noNullPrototype: true },
);
