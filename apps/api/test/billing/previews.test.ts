import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { inDays, problem, Shop } from './support.js';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(() => shop.house.close());

type Change = Record<string, { from: unknown; to: unknown }>;
interface Previewed {
  customers_changed: number;
  customers: { customer: string; gains: Change; loses: Change }[];
}

const migrate = (plan: string, body: object, query = '') =>
  shop.house.manage(`/api/plans/${plan}/migrate${query}`, { body });
const pro = { from: null, to: 'pro' };

describe('dry_run of a subscription', () => {
  test('a new one: what the customer would gain, and nothing is done', async () => {
    const customer = await shop.customer();
    const written = await shop.house.written();
    const body = { customer_id: customer, plan: 'pro' };
    const answer = await shop.house.manage('/api/subscriptions?dry_run=true', { body });
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        customers_changed: 1,
        customers: [
          {
            customer,
            name: expect.any(String),
            gains: { seats: { from: 0, to: 10 }, sso: { from: false, to: true }, tier: pro },
            loses: {},
          },
        ],
      },
    ]);
    expect(await shop.house.written()).toEqual(written);
    expect((await shop.house.manage(`/api/subscriptions?customer_id=${customer}`)).body.data).toEqual([]);
  });

  test('a change at the end of the period: what it means then', async () => {
    const customer = await shop.customer();
    const { id } = await shop.subscribe(customer, 'pro');
    const { body } = await shop.change(id, { plan: 'basic', at: 'period_end' }, '?dry_run=true');
    expect(body.customers).toMatchObject([
      {
        customer,
        gains: { tier: { from: 'pro', to: 'basic' } },
        loses: { seats: { from: 10, to: 5 }, sso: { from: true, to: false }, tier: { from: 'pro', to: 'basic' } },
      },
    ]);
    expect((await shop.subscription(id)).scheduled).toEqual([]);
  });

  test('a change that changes nothing, and one that is refused', async () => {
    const { id } = await shop.subscribe(await shop.customer(), 'pro');
    expect((await shop.change(id, { quantity: 1 }, '?dry_run=true')).body).toEqual({
      customers_changed: 0,
      customers: [],
    });
    const refused = await shop.change(id, { plan: 'none' }, '?dry_run=true');
    expect(problem(refused)).toEqual([422, 'invalid_request', ['/plan', 'unknown_plan']]);
  });
});

describe('POST /api/plans/{key}/migrate', () => {
  test('previewed, in parts, resumed, done once', async () => {
    await shop.plan('moving', { seats: 1 });
    const customers = [];
    const ids: string[] = [];
    for (let index = 0; index < 7; index++) {
      const customer = await shop.customer();
      customers.push(customer);
      ids.push((await shop.subscribe(customer, 'moving')).id);
    }
    await shop.post('/api/plans/moving/versions', { features: { seats: 4 }, publish: true });
    expect(await shop.features(customers[0] as string)).toMatchObject({ seats: 1 });

    const preview = (await migrate('moving', { at: 'now' }, '?dry_run=true')).body as Previewed;
    expect(preview.customers_changed).toBe(7);
    expect(preview.customers.map(({ customer, gains }) => [customer, gains])).toEqual(
      customers.map((customer) => [customer, { seats: { from: 1, to: 4 } }]),
    );
    expect(await shop.features(customers[0] as string)).toMatchObject({ seats: 1 });

    const first = (await migrate('moving', { at: 'now', limit: 3 })).body;
    expect(first).toEqual({ to: 'moving@2', migrated: 3, scheduled: 0, refused: [], next_cursor: ids[2] });
    const second = (await migrate('moving', { at: 'now', limit: 3, cursor: first.next_cursor })).body;
    expect(second).toMatchObject({ migrated: 3, next_cursor: ids[5] });
    // Without the cursor it goes on all the same: those moved are no longer among those to move.
    expect((await migrate('moving', { at: 'now' })).body).toMatchObject({ migrated: 1, next_cursor: null });
    expect((await migrate('moving', { at: 'now' })).body).toMatchObject({ migrated: 0, next_cursor: null });
    for (const customer of customers) {
      expect(await shop.entitlements(customer)).toMatchObject({ plans: ['moving@2'], features: { seats: 4 } });
    }
    expect(await shop.actions(ids[0] as string)).toEqual(['subscription.created', 'subscription.updated']);
  });

  test('at the end of the period; add-ons too; canceled ones stay', async () => {
    const customer = await shop.customer();
    await shop.plan('more', { seats: 100 }, { kind: 'add_on' });
    const { id } = await shop.subscribe(customer, 'free', { add_ons: [{ plan: 'more', quantity: 2 }] });
    const over = await shop.subscribe(await shop.customer(), 'free', { add_ons: [{ plan: 'more' }] });
    await shop.change(over.id, { cancel: true });
    await shop.post('/api/plans/more/versions', { features: { seats: 200 }, publish: true });
    expect((await migrate('more', {})).body).toMatchObject({ migrated: 0, scheduled: 1, refused: [] });
    const row = await shop.subscription(id);
    const change = { add_ons: [{ plan: 'more@2', quantity: 2 }] };
    expect(row.scheduled).toMatchObject([{ at: row.current_period.end, change }]);
    await migrate('more', {});
    expect((await shop.subscription(id)).scheduled).toEqual(row.scheduled);
    expect((await shop.subscription(over.id)).items[1]).toMatchObject({ plan: 'more@1' });
  });

  test('one that ends before is not moved, and is told', async () => {
    await shop.plan('ending', { seats: 1 });
    const { id } = await shop.subscribe(await shop.customer(), 'ending');
    await shop.change(id, { cancel: true, at: inDays(1) });
    await shop.post('/api/plans/ending/versions', { features: {}, publish: true });
    const { body } = await migrate('ending', {});
    expect(body).toMatchObject({ migrated: 0, scheduled: 0, refused: [{ subscription_id: id, code: 'ends_before' }] });
  });

  test('only to a published version', async () => {
    await shop.post('/api/plans/free/versions', { features: {} });
    const answer = await migrate('free', { to: 2 });
    expect(problem(answer)).toEqual([422, 'invalid_request', ['/to', 'not_published']]);
  });

  test('a preview also leads to a draft, which stays one', async () => {
    await shop.plan('drafted', { seats: 1 });
    const customer = await shop.customer();
    await shop.subscribe(customer, 'drafted');
    await shop.post('/api/plans/drafted/versions', { features: { seats: 3 } });
    const written = await shop.house.written();
    const { body } = await migrate('drafted', { to: 2, at: 'now' }, '?dry_run=true');
    expect(body).toEqual({
      customers_changed: 1,
      customers: [{ customer, name: expect.any(String), gains: { seats: { from: 1, to: 3 } }, loses: {} }],
    });
    expect(await shop.house.written()).toEqual(written);
    const { versions } = (await shop.house.manage('/api/plans/drafted')).body;
    expect(versions[0]).toMatchObject({ version: 2, status: 'draft' });
    expect(problem(await migrate('drafted', { to: 2 }))).toEqual([422, 'invalid_request', ['/to', 'not_published']]);
    await shop.house.manage('/api/plans/drafted/versions/2/retire', { method: 'POST' });
    const retired = await migrate('drafted', { to: 2 }, '?dry_run=true');
    expect(problem(retired)).toEqual([422, 'invalid_request', ['/to', 'not_published']]);
  });
});

const CHANGES = process.env.CI === 'true' ? 30 : 200;

describe('what a preview says is what the change does', () => {
  const KEYS = ['alpha', 'beta', 'gamma'] as const;
  const anyFeature = fc.record({
    key: fc.constantFrom(...KEYS),
    default: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 9 })),
  });
  const anyContent = fc.dictionary(fc.constantFrom(...KEYS), fc.option(fc.integer({ min: 0, max: 9 })));
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('default' as const),
      features: fc.array(anyFeature, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('version' as const), features: anyContent }),
    fc.record({ kind: fc.constant('migrate' as const) }),
    fc.record({ kind: fc.constant('quantity' as const), who: fc.nat(4), quantity: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant('pause' as const), who: fc.nat(4), pause: fc.boolean() }),
  );
  const customers: string[] = [];
  const subscriptions: string[] = [];
  beforeAll(async () => {
    for (const key of KEYS) await shop.post('/api/features', { key, name: key, type: 'limit', combine: 'sum' });
    await shop.plan('random', { alpha: 1, beta: null });
    for (let index = 0; index < 5; index++) {
      const customer = await shop.customer();
      customers.push(customer);
      subscriptions.push((await shop.subscribe(customer, 'random', { quantity: index + 1 })).id);
    }
  });

  /** Asks for a change: the preview of it, or the change itself. */
  async function ask(one: typeof step extends fc.Arbitrary<infer Step> ? Step : never, query: string) {
    if (one.kind === 'migrate') return migrate('random', { at: 'now' }, query);
    if (one.kind === 'quantity')
      return shop.change(subscriptions[one.who] as string, { quantity: one.quantity }, query);
    if (one.kind === 'pause') return shop.change(subscriptions[one.who] as string, { pause: one.pause }, query);
    const document = (await shop.house.manage('/api/catalogue')).body;
    const plan = document.plans.find(({ key }: { key: string }) => key === 'random');
    const body =
      one.kind === 'version'
        ? {
            features: [],
            plans: [
              {
                ...plan,
                versions: [{ version: plan.versions.length + 1, status: 'published', features: one.features }],
              },
            ],
          }
        : {
            features: [...new Map(one.features.map((feature) => [feature.key, feature])).values()].map((feature) => ({
              ...feature,
              name: feature.key,
              type: 'limit',
              combine: 'sum',
            })),
            plans: [],
          };
    return shop.house.manage(`/api/catalogue${query}`, { method: 'PUT', body });
  }

  // The bytes that every surface serves, for all at once.
  const featuresOf = async (): Promise<Map<string, Record<string, unknown>>> => {
    const rows = await shop.house.sql('SELECT customer_id, body FROM entitlement_snapshot ORDER BY customer_id');
    return new Map(rows.map(({ customer_id, body }) => [customer_id, JSON.parse(body).features]));
  };

  test('for many random changes of catalogue and subscriptions', async () => {
    let changes = 0;
    for (const one of fc.sample(step, { numRuns: CHANGES, seed: 20_261_123 })) {
      const answer = await ask(one, '?dry_run=true');
      const before = await featuresOf();
      const { status } = await ask(one, '');
      const after = await featuresOf();
      // What is refused (more seats while paused) is refused in the preview too.
      expect([answer.status, [200, 409]]).toEqual([status, expect.arrayContaining([status])]);
      const actual = [...before].flatMap(([id, old]) => {
        const fresh = after.get(id) ?? {};
        const changed = Object.keys(fresh).filter((key) => JSON.stringify(old[key]) !== JSON.stringify(fresh[key]));
        const differences = changed.map((key) => [key, { from: old[key], to: fresh[key] }]);
        return changed.length === 0 ? [] : [[id, Object.fromEntries(differences)]];
      });
      if (status === 409) {
        expect(actual).toEqual([]);
        continue;
      }
      const preview: Previewed = answer.body.preview ?? answer.body;
      const said = preview.customers.map(({ customer, gains, loses }) => [customer, { ...gains, ...loses }]);
      expect([preview.customers_changed, said]).toEqual([actual.length, actual]);
      changes += actual.length;
    }
    expect(changes).toBeGreaterThan(CHANGES / 2);
  }, 300_000);
});
