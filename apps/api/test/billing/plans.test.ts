import { managementToken } from '@bastionary/testing/http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { price, problem, Shop } from './support.js';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(() => shop.house.close());

const create = (body: object, headers: Record<string, string> = {}) =>
  shop.house.manage('/api/plans', { body: { key: 'p', name: 'P', features: {}, ...body }, headers });
const request = (method: string, path: string, body?: object) =>
  shop.house.manage(`/api/plans/${path}`, { method, body });
const at = expect.stringMatching(/Z$/);

describe('POST /api/plans', () => {
  test('makes a plan with its version 1, whole, with its records', async () => {
    const answer = await create({
      key: 'whole',
      name: ' Whole ',
      description: 'All of it',
      features: { seats: null, sso: true, tier: { level: [1, 'two'] } },
      prices: [price('1999', { interval: 'year' })],
      trial_days: 14,
    });
    const version = {
      version: 1,
      status: 'draft',
      features: { seats: null, sso: true, tier: { level: [1, 'two'] } },
      prices: [
        {
          key: 'base',
          model: 'flat',
          amount: '1999',
          currency: 'EUR',
          interval: 'year',
          interval_count: 1,
          timing: 'in_advance',
        },
      ],
      trial_days: 14,
      created_at: at,
      published_at: null,
      retired_at: null,
      subscriptions: 0,
    };
    const whole = {
      key: 'whole',
      name: 'Whole',
      kind: 'plan',
      description: 'All of it',
      created_at: at,
      updated_at: at,
      current_version: null,
      versions: [version],
    };
    expect([answer.status, answer.body]).toEqual([201, whole]);
    expect((await request('GET', 'whole')).body).toEqual(answer.body);
    const { features, prices, trial_days } = version;
    const actor = `client:${shop.house.api.admin.client_id}`;
    expect(await shop.house.audit('plan:whole')).toEqual([
      { actor, action: 'plan.created', detail: { name: 'Whole', kind: 'plan', description: 'All of it' } },
      {
        actor,
        action: 'plan_version.created',
        detail: { version: 1, features, prices, trial_days, published: false },
      },
    ]);
    const { body } = await shop.house.manage('/api/plans');
    expect(body.data.map(({ key }: { key: string }) => key)).toEqual(['basic', 'extra', 'free', 'pro', 'whole']);
  });

  test('a retry with the same Idempotency-Key is the same plan', async () => {
    const headers = { 'idempotency-key': 'plan-once' };
    const first = await create({ key: 'once' }, headers);
    expect(await create({ key: 'once' }, headers)).toMatchObject({ status: 201, body: first.body });
    expect(await shop.house.audit('plan:once')).toHaveLength(2);
  });

  test.each<[string, object, unknown[]]>([
    ['a key that is taken', { key: 'pro' }, [409, 'duplicate_plan', ['/key', 'duplicate_plan']]],
    [
      'a feature that there is not',
      { features: { sso: true, none: 1 } },
      [422, 'invalid_request', ['/features/none', 'unknown_feature']],
    ],
    [
      'values of other types',
      { features: { sso: 1, seats: -1 } },
      [422, 'invalid_request', ['/features/sso', 'wrong_type'], ['/features/seats', 'wrong_type']],
    ],
    ['a key of capitals', { key: 'Pro' }, [422, 'invalid_request', ['/key', 'invalid_format']]],
    [
      'money as a number',
      { prices: [{ model: 'flat', amount: 10, currency: 'EUR' }] },
      [422, 'invalid_request', ['/prices/0/amount', 'invalid_type']],
    ],
    [
      'a currency that there is not',
      { prices: [price('1', { currency: 'ABC' })] },
      [422, 'invalid_request', ['/prices/0/currency', 'custom']],
    ],
    ['a field that there is not', { colour: 'red' }, [422, 'invalid_request', ['/colour', 'unknown_field']]],
  ])('refuses %s and changes nothing', async (_, body, expected) => {
    const before = (await shop.house.manage('/api/plans')).body;
    const written = await shop.house.written();
    expect(problem(await create(body))).toEqual(expected);
    expect((await shop.house.manage('/api/plans')).body).toEqual(before);
    expect(await shop.house.written()).toEqual(written);
  });
});

describe('the meters of prices', () => {
  const metered = (meter: string) => ({ prices: [{ model: 'per_unit', unit_amount: '0.06', meter, currency: 'EUR' }] });
  const unknown = [422, 'invalid_request', ['/prices/0/meter', 'unknown_meter']];

  test('a draft may name one that is still to come; published it must be there, and not archived', async () => {
    expect(problem(await create({ key: 'calls', ...metered('calls'), publish: true }))).toEqual(unknown);
    expect((await request('GET', 'calls')).status).toBe(404);
    expect((await create({ key: 'calls', ...metered('calls') })).status).toBe(201);
    const publish = () => request('POST', 'calls/versions/1/publish');
    expect(problem(await publish())).toEqual(unknown);
    await shop.post('/api/meters', { key: 'calls', event_type: 'call', aggregation: 'count' });
    const published = await publish();
    expect([published.status, published.body.versions?.[0].prices ?? published.body.prices]).toEqual([
      200,
      [
        {
          key: 'calls',
          model: 'per_unit',
          unit_amount: '0.06',
          meter: 'calls',
          currency: 'EUR',
          interval: 'month',
          interval_count: 1,
          timing: 'in_arrears',
        },
      ],
    ]);
    await shop.house.manage('/api/meters/calls', { method: 'PATCH', body: { archived: true } });
    expect(problem(await request('POST', 'calls/versions', { ...metered('calls'), publish: true }))).toEqual([
      422,
      'invalid_request',
      ['/prices/0/meter', 'archived_meter'],
    ]);
  });
});

describe('versions', () => {
  test('a draft is edited; published it never changes; retired it takes nobody new', async () => {
    await shop.plan('life', { seats: 1 });
    const draft = await request('POST', 'life/versions', { features: { seats: 2 } });
    expect([draft.status, draft.body]).toEqual([201, expect.objectContaining({ version: 2, status: 'draft' })]);
    const content = { features: { seats: 3 }, prices: [], trial_days: 3 };
    expect((await request('PUT', 'life/versions/2', content)).body).toMatchObject(content);
    expect((await request('PUT', 'life/versions/2', content)).status).toBe(200);

    const published = await request('POST', 'life/versions/2/publish');
    expect(published.body).toMatchObject({ ...content, status: 'published', published_at: at });
    expect((await request('POST', 'life/versions/2/publish')).body).toEqual(published.body);
    expect(problem(await request('PUT', 'life/versions/2', { features: {} }))).toEqual([409, 'plan_version_published']);
    expect((await request('GET', 'life')).body).toMatchObject({ current_version: 2 });

    const retired = await request('POST', 'life/versions/2/retire');
    expect(retired.body).toMatchObject({ ...content, status: 'retired', retired_at: at });
    expect((await request('POST', 'life/versions/2/retire')).body).toEqual(retired.body);
    expect(problem(await request('POST', 'life/versions/2/publish'))).toEqual([409, 'plan_version_published']);
    expect((await request('GET', 'life')).body).toMatchObject({ current_version: 1 });
    const actions = (await shop.house.audit('plan:life')).map(({ action, detail }) => [action, detail.version]);
    expect(actions).toEqual([
      ['plan.created', undefined],
      ['plan_version.created', 1],
      ['plan_version.created', 2],
      ['plan_version.updated', 2],
      ['plan_version.published', 2],
      ['plan_version.retired', 2],
    ]);
  });

  test('an edit of a draft overwrites only what its writer has seen', async () => {
    await shop.plan('seen', { seats: 1 });
    await request('POST', 'seen/versions', { features: { seats: 2 } });
    const read = await request('GET', 'seen/versions/2');
    expect([read.status, read.body]).toEqual([200, expect.objectContaining({ version: 2, features: { seats: 2 } })]);
    const etag = read.headers.get('etag') ?? '';
    const edit = (seats: number, ifMatch: string) =>
      shop.house.manage('/api/plans/seen/versions/2', {
        method: 'PUT',
        body: { features: { seats } },
        headers: { 'if-match': ifMatch },
      });
    const first = await edit(3, etag);
    expect(first.status).toBe(200);
    expect(first.headers.get('etag')).toBe((await request('GET', 'seen/versions/2')).headers.get('etag'));
    expect(problem(await edit(4, etag))).toEqual([412, 'version_mismatch']);
    expect(problem(await edit(4, '"v1"'))).toEqual([412, 'version_mismatch']);
    expect((await request('GET', 'seen/versions/2')).body.features).toEqual({ seats: 3 });
    expect((await edit(4, first.headers.get('etag') ?? '')).body.features).toEqual({ seats: 4 });
    expect(
      (await shop.house.audit('plan:seen')).slice(3).map(({ detail }) => (detail.to as { features: object }).features),
    ).toEqual([{ seats: 3 }, { seats: 4 }]);
  });

  test('the database itself keeps what was published', async () => {
    const change = "UPDATE plan_version SET features = '{}' WHERE plan_key = 'pro'";
    await expect(shop.house.sql(change)).rejects.toThrow('never changes');
    await expect(shop.house.sql("DELETE FROM plan_version WHERE plan_key = 'pro'")).rejects.toThrow('never changes');
  });

  test('two at once get two numbers', async () => {
    await shop.plan('both', {});
    const answers = await Promise.all([1, 2, 3].map(() => request('POST', 'both/versions', {})));
    expect(answers.map(({ body }) => body.version).sort()).toEqual([2, 3, 4]);
  });

  test('a feature that a version names stays', async () => {
    expect(problem(await shop.house.manage('/api/features/sso', { method: 'DELETE' }))).toEqual([
      409,
      'feature_in_use',
    ]);
  });

  test.each<[string, string, object | undefined]>([
    ['GET', 'none', undefined],
    ['PATCH', 'none', { name: 'N' }],
    ['POST', 'none/versions', {}],
    ['GET', 'pro/versions/99', undefined],
    ['PUT', 'pro/versions/99', {}],
    ['POST', 'pro/versions/99/publish', undefined],
    ['POST', 'pro/versions/99/retire', undefined],
    ['POST', 'none/migrate', {}],
  ])('%s %s is not found', async (method, path, body) => {
    expect(problem(await request(method, path, body))).toEqual([404, 'not_found']);
  });
});

test('PATCH changes what is said, once', async () => {
  await shop.plan('named', {});
  const change = { name: 'Named', description: 'By us' };
  expect((await request('PATCH', 'named', change)).body).toMatchObject(change);
  expect((await request('PATCH', 'named', change)).body).toMatchObject(change);
  const records = (await shop.house.audit('plan:named')).filter(({ action }) => action === 'plan.updated');
  expect(records.map(({ detail }) => detail)).toEqual([
    { name: { from: 'named', to: 'Named' }, description: { from: null, to: 'By us' } },
  ]);
  expect(problem(await request('PATCH', 'named', {}))).toEqual([422, 'invalid_request', ['', 'custom']]);
});

test('who may only see may not change', async () => {
  const token = await managementToken(shop.house.api, ['catalogue:read']);
  expect((await shop.house.manage('/api/plans', { token })).status).toBe(200);
  const body = { key: 'x', name: 'X' };
  expect(problem(await shop.house.manage('/api/plans', { token, body }))).toEqual([403, 'insufficient_scope']);
  const migrate = await shop.house.manage('/api/plans/pro/migrate', { token, body: {} });
  expect(problem(migrate)).toEqual([403, 'insufficient_scope']);
});
