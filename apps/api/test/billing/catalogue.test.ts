import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';
import { price, problem, Shop } from './support.js';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(() => shop.house.close());

// biome-ignore lint/suspicious/noExplicitAny: documents of every shape
const read = async (): Promise<any> => (await shop.house.manage('/api/catalogue')).body;
const put = (body: object, query = '') => shop.house.manage(`/api/catalogue${query}`, { method: 'PUT', body });
const NOBODY = { customers_changed: 0, customers: [] };
const version = (number: number, features: object, status = 'published') => ({ version: number, status, features });

describe('GET /api/catalogue', () => {
  test('the whole catalogue, the same bytes each time', async () => {
    const document = await read();
    expect(document.features).toEqual([
      { key: 'seats', name: 'Seats', type: 'limit', combine: 'sum', default: 0, description: null },
      { key: 'sso', name: 'SSO', type: 'switch', combine: 'any', default: false, description: null },
      { key: 'tier', name: 'Tier', type: 'value', combine: 'latest', default: null, description: null },
    ]);
    expect(document.plans.map(({ key }: { key: string }) => key)).toEqual(['basic', 'extra', 'free', 'pro']);
    expect(document.plans[3]).toEqual({
      key: 'pro',
      name: 'pro',
      kind: 'plan',
      description: null,
      versions: [
        {
          version: 1,
          status: 'published',
          features: { seats: 10, sso: true, tier: 'pro' },
          prices: [
            {
              key: 'base',
              model: 'flat',
              amount: '3000',
              currency: 'EUR',
              interval: 'month',
              interval_count: 1,
              timing: 'in_advance',
            },
          ],
          trial_days: 0,
        },
      ],
    });
    expect(JSON.stringify(await read())).toBe(JSON.stringify(document));
  });
});

describe('PUT /api/catalogue', () => {
  test('what was read changes nothing', async () => {
    const written = await shop.house.written();
    expect((await put(await read())).body).toEqual({ applied: true, changes: [], preview: NOBODY });
    expect(await shop.house.written()).toEqual(written);
  });

  test('a meter that there is not is said where the document names it', async () => {
    const prices = [{ model: 'per_unit', unit_amount: '1', meter: 'nowhere', currency: 'EUR' }];
    const versions = [{ ...version(2, { seats: 6 }), prices }];
    const answer = await put({ features: [], plans: [{ key: 'basic', name: 'basic', versions }] });
    expect([answer.status, answer.body.errors]).toEqual([
      422,
      [
        {
          path: '/plans/0/versions/0/prices/0/meter',
          code: 'unknown_meter',
          message: 'is no meter: create nowhere before publishing its price',
        },
      ],
    ]);
  });

  test('a dry run shows what the change then does, and does nothing', async () => {
    const customer = await shop.customer();
    await shop.subscribe(customer, 'basic');
    const document = await read();
    const wanted = {
      features: [...document.features, { key: 'export', name: 'Export', type: 'switch', default: true }],
      plans: [
        {
          key: 'basic',
          name: 'Basic',
          versions: [{ ...version(2, { seats: 6, export: true }), prices: [price('1200')] }],
        },
      ],
    };
    const before = await shop.entitlements(customer);
    const written = await shop.house.written();
    const dry = (await put(wanted, '?dry_run=true')).body;
    expect(dry).toEqual({
      applied: false,
      changes: [
        expect.objectContaining({ path: '/features/export', change: 'created' }),
        { path: '/plans/basic', change: 'updated', from: { name: 'basic' }, to: { name: 'Basic' } },
        expect.objectContaining({ path: '/plans/basic/versions/2', change: 'created' }),
        { path: '/plans/basic/versions/2', change: 'published', to: { status: 'published' } },
      ],
      preview: {
        customers_changed: 1,
        customers: [{ customer, name: expect.any(String), gains: { export: { from: false, to: true } }, loses: {} }],
      },
    });
    expect(await shop.house.written()).toEqual(written);
    expect([await read(), await shop.entitlements(customer)]).toEqual([document, before]);

    expect((await put(wanted)).body).toEqual({ ...dry, applied: true });
    expect(await shop.features(customer)).toEqual({ ...before.features, export: true });
    expect((await put(wanted)).body).toEqual({ applied: true, changes: [], preview: NOBODY });
    const actions = (await shop.house.audit('plan:basic')).map(({ action }) => action);
    expect(actions.slice(2)).toEqual(['plan.updated', 'plan_version.created', 'plan_version.published']);
  });

  test('one installation makes another', async () => {
    const other = await House.open();
    try {
      const document = await read();
      const { body } = await other.manage('/api/catalogue', { method: 'PUT', body: document });
      expect(body.applied).toBe(true);
      expect((await other.manage('/api/catalogue')).body).toEqual(document);
    } finally {
      await other.close();
    }
  });

  test.each<[string, (document: { features: object[]; plans: object[] }) => object, string[][]]>([
    [
      'a published version changed, and an unknown feature: both are told',
      ({ features }) => ({
        features,
        plans: [
          { key: 'pro', name: 'Pro', versions: [version(1, {})] },
          { key: 'new', name: 'New', versions: [version(1, { none: true })] },
        ],
      }),
      [
        ['/plans/0/versions/0', 'published'],
        ['/plans/1/versions/0/features/none', 'unknown_feature'],
      ],
    ],
    [
      'another type',
      ({ plans }) => ({ features: [{ key: 'sso', name: 'SSO', type: 'value' }], plans }),
      [['/features/0/type', 'immutable']],
    ],
    [
      'a plan without a version',
      () => ({ features: [], plans: [{ key: 'n', name: 'N', versions: [] }] }),
      [['/plans/0/versions', 'too_small']],
    ],
    ['half a document', () => ({ features: [] }), [['/plans', 'invalid_type']]],
  ])('refuses %s and changes nothing', async (_, make, errors) => {
    const document = await read();
    const written = await shop.house.written();
    expect(problem(await put(make(document)))).toEqual([422, 'invalid_request', ...errors]);
    expect([await read(), await shop.house.written()]).toEqual([document, written]);
  });

  test('two at once, and subscriptions in between: one after the other', async () => {
    const customer = await shop.customer();
    const document = await read();
    const renamed = (name: string) => ({
      ...document,
      features: [{ key: 'tier', name, type: 'value', default: name }],
      plans: [{ key: name, name, versions: [version(1, { tier: name })] }],
    });
    const answers = await Promise.all([
      put(renamed('one')),
      put(renamed('two')),
      ...[1, 2, 3].map(() =>
        shop.house.manage('/api/subscriptions', { body: { customer_id: customer, plan: 'free' } }),
      ),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 201, 201, 201]);
    const { default: value } = (await read()).features.find(({ key }: { key: string }) => key === 'tier');
    expect(await shop.features(customer)).toMatchObject({ seats: 3, tier: value });
  });
});
