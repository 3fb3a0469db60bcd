import fc from 'fast-check';
import type { Features, Value } from './history-model.js';

const VALUES: Record<string, fc.Arbitrary<Value>> = {
  api: fc.boolean(),
  seats: fc.option(fc.nat(50), { freq: 8 }),
  storage: fc.option(fc.nat(50), { freq: 8 }),
  region: fc.constantFrom<Value>(null, 'eu', 'ü😀', { b: [1, 2.5], a: null }),
};
const given = fc.record(VALUES, { requiredKeys: [] }) as fc.Arbitrary<Features>;
const featureAndValue = fc
  .constantFrom(...Object.keys(VALUES))
  .chain((feature) => (VALUES[feature] as fc.Arbitrary<Value>).map((value) => ({ feature, value })));
const who = fc.nat(2);
const quantity = fc.integer({ min: 1, max: 4 });
/** Milliseconds from now; null: at once, or for ever. The shortest pass while the request is still being answered. */
const later = fc.option(fc.oneof(fc.integer({ min: 150, max: 900 }), fc.integer({ min: 1, max: 30 })), { freq: 2 });
const extra = fc.option(quantity, { nil: 0, freq: 2 });
const plan = fc.constantFrom('small', 'large');

/** What can happen to a customer, by others or by itself. */
export const anyAct = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('subscribe' as const), plan, quantity, extra, start: later }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      who,
      plan: fc.option(plan),
      quantity: fc.option(quantity),
      extra: fc.option(extra, { nil: undefined }),
      later,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), who, cancel: fc.boolean(), later }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pause' as const), who, pause: fc.boolean(), later }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('suspend' as const), who, suspend: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('publish' as const), plan, features: given }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('migrate' as const), plan }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('except' as const), what: featureAndValue, later }) },
  { weight: 1, arbitrary: featureAndValue.map((what) => ({ do: 'unexcept' as const, what })) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('hold' as const), status: fc.constantFrom('active', 'suspended') }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('default' as const), what: featureAndValue }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('catalogue' as const), what: featureAndValue, plan, features: given }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'bonus' as const }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), most: fc.integer({ min: 50, max: 1_000 }) }) },
);
/** All but waiting, which is nobody's act. */
export type Act = typeof anyAct extends fc.Arbitrary<infer One> ? Exclude<One, { do: 'wait' }> : never;
