import type { Catalogue, CataloguePlanVersion } from '@bastionary/contracts/catalogue';
import { describe, expect, test } from '@jest/globals';
import { catalogueDiff, whole } from './catalogue-diff.js';

const version = (number: number, some: Partial<CataloguePlanVersion> = {}): CataloguePlanVersion => ({
  version: number,
  status: 'published',
  features: { api: true, seats: 5 },
  prices: [],
  trial_days: 0,
  ...some,
});
const plan = (...versions: CataloguePlanVersion[]) => ({ key: 'pro', name: 'Pro', kind: 'plan' as const, versions });
const features = [
  whole({ key: 'api', name: 'API', type: 'switch' }),
  whole({ key: 'seats', name: 'Seats', type: 'limit', combine: 'sum' }),
];
const current: Catalogue = { features, plans: [plan(version(1), version(2, { status: 'draft' }))] };
const wanted = (some: Partial<Catalogue>): Catalogue => ({ ...current, ...some });
const told = (document: Catalogue) => {
  const { steps, faults } = catalogueDiff(current, document);
  return [
    steps.map(({ path, change, from, to }) => ({ path, change, ...(from && { from }), to })),
    faults.map(({ path, code }) => [path, code]),
  ];
};
const steps = (...list: object[]) => [list, []];
const faults = (...list: string[][]) => [expect.anything(), list];

describe('what is to be done for a document', () => {
  test('nothing for the catalogue as it is, in whatever order its keys stand', () => {
    expect(told(current)).toEqual(steps());
    expect(told(JSON.parse(JSON.stringify(current)))).toEqual(steps());
    expect(
      told(wanted({ plans: [plan(version(2, { status: 'draft', features: { seats: 5, api: true } }), version(1))] })),
    ).toEqual(steps());
  });

  test('nothing for what it does not name', () => {
    expect(told({ features: [], plans: [] })).toEqual(steps());
    expect(told(wanted({ plans: [plan(version(1))] }))).toEqual(steps());
  });

  test.each<[string, Catalogue, unknown]>([
    [
      'a new feature, with what it is by default',
      wanted({ features: [{ key: 'sso', name: 'SSO', type: 'switch' }] }),
      steps({
        path: '/features/sso',
        change: 'created',
        to: { key: 'sso', name: 'SSO', type: 'switch', combine: 'any', default: false, description: null },
      }),
    ],
    [
      'a new default',
      wanted({ features: [{ key: 'seats', name: 'Seats', type: 'limit', combine: 'sum', default: 2 }] }),
      steps({ path: '/features/seats', change: 'updated', from: { default: 0 }, to: { default: 2 } }),
    ],
    [
      'a new plan: the plan, its version, its publication',
      wanted({ plans: [{ key: 'free', name: 'Free', kind: 'plan', versions: [version(1, { features: {} })] }] }),
      steps(
        { path: '/plans/free', change: 'created', to: { name: 'Free', kind: 'plan', description: null } },
        { path: '/plans/free/versions/1', change: 'created', to: { features: {}, prices: [], trial_days: 0 } },
        { path: '/plans/free/versions/1', change: 'published', to: { status: 'published' } },
      ),
    ],
    [
      'a draft edited and published, a version retired, the next one added as a draft',
      wanted({
        plans: [
          plan(version(1, { status: 'retired' }), version(2, { trial_days: 7 }), version(3, { status: 'draft' })),
        ],
      }),
      steps(
        { path: '/plans/pro/versions/1', change: 'retired', from: { status: 'published' }, to: { status: 'retired' } },
        { path: '/plans/pro/versions/2', change: 'updated', from: { trial_days: 0 }, to: { trial_days: 7 } },
        { path: '/plans/pro/versions/2', change: 'published', from: { status: 'draft' }, to: { status: 'published' } },
        {
          path: '/plans/pro/versions/3',
          change: 'created',
          to: { features: { api: true, seats: 5 }, prices: [], trial_days: 0 },
        },
      ),
    ],
    [
      'another name of the plan',
      wanted({ plans: [{ ...plan(version(1)), name: 'Professional' }] }),
      steps({ path: '/plans/pro', change: 'updated', from: { name: 'Pro' }, to: { name: 'Professional' } }),
    ],
  ])('%s', (_, document, expected) => {
    expect(told(document)).toEqual(expected);
  });

  test.each<[string, Catalogue, string[][]]>([
    [
      'another type',
      wanted({ features: [{ ...features[0], key: 'api', name: 'API', type: 'limit' }], plans: [] }),
      [['/features/0/type', 'immutable']],
    ],
    [
      'another combine rule',
      wanted({ features: [{ key: 'seats', name: 'Seats', type: 'limit', combine: 'max' }] }),
      [['/features/0/combine', 'immutable']],
    ],
    [
      'a feature twice',
      wanted({ features: [...features, ...features.slice(0, 1)] }),
      [['/features/2/key', 'repeated']],
    ],
    ['another kind', wanted({ plans: [{ ...plan(version(1)), kind: 'add_on' }] }), [['/plans/0/kind', 'immutable']]],
    [
      'a published version changed',
      wanted({ plans: [plan(version(1, { trial_days: 9 }))] }),
      [['/plans/0/versions/0', 'published']],
    ],
    [
      'a published version a draft again',
      wanted({ plans: [plan(version(1, { status: 'draft' }))] }),
      [['/plans/0/versions/0/status', 'immutable']],
    ],
    ['a gap', wanted({ plans: [plan(version(4))] }), [['/plans/0/versions/0/version', 'gap']]],
    [
      'a feature that there is not',
      wanted({ plans: [plan(version(3, { features: { sso: true } }))] }),
      [['/plans/0/versions/0/features/sso', 'unknown_feature']],
    ],
    [
      'a value of another type',
      wanted({ plans: [plan(version(3, { features: { seats: true } }))] }),
      [['/plans/0/versions/0/features/seats', 'wrong_type']],
    ],
  ])('%s is refused', (_, document, expected) => {
    expect(told(document)).toEqual(faults(...expected));
  });
});
