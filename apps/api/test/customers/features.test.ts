import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';

let house: House;
let actor: string;
beforeAll(async () => {
  house = await House.open({ env: { FEATURES_MAX: '12' } });
  actor = `client:${house.api.admin.client_id}`;
});
afterAll(() => house.close());

const post = (body: Record<string, unknown>) => house.manage('/api/features', { body });
const change = (key: string, body: Record<string, unknown>, headers: Record<string, string> = {}) =>
  house.manage(`/api/features/${key}`, { method: 'PATCH', body, headers });
const remove = (key: string) => house.manage(`/api/features/${key}`, { method: 'DELETE' });
const customer = async (): Promise<string> => {
  const { status, body } = await house.manage('/api/customers', {
    body: { name: 'A', email: 'a@b.example', currency: 'EUR' },
  });
  expect(status).toBe(201);
  return body.id;
};
const entitled = async (id: string) => (await house.manage(`/api/customers/${id}/entitlements`)).body;
const all = () =>
  house.sql(`SELECT (SELECT json_agg(f ORDER BY key) FROM feature f) f, (SELECT count(*) FROM audit_log) a,
    (SELECT json_agg(s ORDER BY customer_id) FROM entitlement_snapshot s) s`);

describe('POST /api/features', () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['a switch', { type: 'switch' }, { combine: 'any', default: false }],
    ['a limit', { type: 'limit', combine: 'sum', default: 5 }, {}],
    ['an unlimited one', { type: 'limit', default: null }, { combine: 'max' }],
    ['a value', { type: 'value', default: { region: ['eu', 'ü😀'] } }, { combine: 'latest' }],
  ])('%s, whole; every customer has it at once', async (what, given, defaults) => {
    const [one, other] = [await customer(), await customer()];
    const before = await entitled(one);
    const key = what.replaceAll(' ', '_');
    const answer = await post({ key, name: ' Name ', ...given });
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        key,
        name: 'Name',
        description: null,
        ...given,
        ...defaults,
        created_at: expect.stringMatching(/Z$/),
        updated_at: answer.body.created_at,
      },
    ]);
    const { key: _, created_at, updated_at, ...detail } = answer.body;
    expect(await house.audit(`feature:${key}`)).toEqual([{ actor, action: 'feature.created', detail }]);
    const after = await entitled(one);
    expect([after.epoch, after.features]).toEqual([
      before.epoch + 1,
      { ...before.features, [key]: answer.body.default },
    ]);
    expect((await entitled(other)).features[key]).toEqual(answer.body.default);
    expect((await entitled(await customer())).features[key]).toEqual(answer.body.default);
    const read = await house.manage(`/api/features/${key}`);
    expect([read.body, read.headers.get('etag')]).toEqual([answer.body, '"v1"']);
    expect((await house.manage('/api/features')).body.data).toContainEqual(answer.body);
  });

  test('of five at once with one key one is made', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post({ key: 'race', name: 'R', type: 'switch' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'duplicate_feature',
      detail: 'There is a feature race already. PATCH /api/features/race changes it.',
      errors: [{ path: '/key', code: 'duplicate_feature', message: 'is taken' }],
    });
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['no key', { key: undefined }, '/key'],
    ['a key in capitals', { key: 'API' }, '/key'],
    ['an unknown type', { type: 'counter' }, '/type'],
    ['a sum of switches', { combine: 'sum' }, '/combine'],
    ['any of limits', { type: 'limit', combine: 'any' }, '/combine'],
    ['the largest of values', { type: 'value', combine: 'max' }, '/combine'],
    ['a number for a switch', { default: 1 }, '/default'],
    ['half a limit', { type: 'limit', default: 1.5 }, '/default'],
    ['a limit below nothing', { type: 'limit', default: -1 }, '/default'],
    ['a text with NUL', { type: 'value', default: { a: ['\u0000'] } }, '/default'],
    ['half a character', { type: 'value', default: '\ud800' }, '/default'],
    ['a long value', { type: 'value', default: 'x'.repeat(4_000) }, '/default'],
    ['an unknown field', { version: 2 }, '/version'],
  ])('%s is 422 and named; nothing is made', async (_what, body, fault) => {
    const before = await all();
    const answer = await post({ key: 'wrong', name: 'Wrong', type: 'switch', ...body });
    expect([answer.status, answer.body.code, answer.body.errors[0].path]).toEqual([422, 'invalid_request', fault]);
    expect(await all()).toEqual(before);
  });
});

describe('PATCH /api/features/{key}', () => {
  test('a new default reaches every customer who has nothing else, in the same breath', async () => {
    await post({ key: 'seats', name: 'Seats', type: 'limit' });
    const [plain, special] = [await customer(), await customer()];
    await house.manage(`/api/customers/${special}/overrides/seats`, { method: 'PUT', body: { value: 7, reason: 'x' } });
    const [before, other] = [await entitled(plain), await entitled(special)];
    const answer = await change('seats', { default: 3, name: 'Places' }, { 'if-match': '"v1"' });
    expect([answer.status, answer.headers.get('etag'), answer.body.default]).toEqual([200, '"v2"', 3]);
    expect(await entitled(plain)).toMatchObject({ epoch: before.epoch + 1, features: { seats: 3 } });
    expect(await entitled(special)).toEqual(other);
    expect((await house.audit('feature:seats')).at(-1)).toEqual({
      actor,
      action: 'feature.updated',
      detail: { name: { from: 'Seats', to: 'Places' }, default: { from: 0, to: 3 } },
    });
    const [last] = (await house.manage(`/api/customers/${plain}/entitlements/history`)).body.data;
    expect(last.cause).toBe('feature.updated');
  });

  test('customers made at the same time have it too', async () => {
    await post({ key: 'meanwhile', name: 'M', type: 'limit' });
    const made = await Promise.all([
      ...Array.from({ length: 8 }, () => customer()),
      change('meanwhile', { default: 9 }).then(() => customer()),
    ]);
    for (const id of made) expect((await entitled(id)).features.meanwhile).toBe(9);
  });

  test('what stays the same is not written; what cannot be is refused', async () => {
    await post({ key: 'still', name: 'Still', type: 'switch' });
    const before = await all();
    expect((await change('still', { name: 'Still', default: false })).status).toBe(200);
    for (const [body, fault] of [
      [{ default: 1 }, '/default'],
      [{ type: 'limit' }, '/type'],
      [{}, ''],
    ] as const) {
      const answer = await change('still', body);
      expect([answer.status, answer.body.errors[0].path]).toEqual([422, fault]);
    }
    expect((await change('still', { name: 'x' }, { 'if-match': '"v7"' })).status).toBe(412);
    expect((await change('nothing', { name: 'x' })).status).toBe(404);
    expect(await all()).toEqual(before);
  });
});

describe('DELETE /api/features/{key}', () => {
  test('one that nobody uses is gone from every snapshot, and stays in the history', async () => {
    await post({ key: 'brief', name: 'Brief', type: 'switch' });
    const id = await customer();
    const had = await entitled(id);
    expect((await remove('brief')).status).toBe(204);
    const { brief, ...rest } = had.features;
    expect(await entitled(id)).toMatchObject({ epoch: had.epoch + 1, features: rest });
    expect((await entitled(id)).features).not.toHaveProperty('brief');
    expect((await house.manage('/api/features/brief')).status).toBe(404);
    const { body } = await house.manage(`/api/customers/${id}/entitlements/history`);
    expect(body.data[1].features.brief).toBe(false);
    expect((await house.audit('feature:brief')).at(-1)).toEqual({
      actor,
      action: 'feature.deleted',
      detail: { name: 'Brief' },
    });
    expect((await remove('brief')).status).toBe(404);
  });

  test('one that is granted, excepted, required or reserved stays, and the refusal names its user', async () => {
    await post({ key: 'used', name: 'Used', type: 'limit' });
    const id = await customer();
    const users: [string, string, string][] = [
      [
        `INSERT INTO entitlement_grant VALUES ('grt_1', '${id}', 'plan', 'sbi_1', 'pro@1', 1, '{"used": 1}', now(), NULL)`,
        `DELETE FROM entitlement_grant`,
        `pro@1 of ${id}`,
      ],
      [
        `INSERT INTO entitlement_override VALUES ('${id}', 'used', '1', 'r', NULL, now(), 'x')`,
        `DELETE FROM entitlement_override WHERE feature = 'used'`,
        `the override of ${id}`,
      ],
      [
        `INSERT INTO plan VALUES ('gold', 'G', 'plan', NULL, now(), now());
         INSERT INTO plan_version (plan_key, version, status, features, prices, created_at)
         VALUES ('gold', 1, 'draft', '{"used": 1}', '[]', now())`,
        `DELETE FROM plan_version`,
        'the plan gold@1',
      ],
      [`UPDATE scope SET feature = 'used' WHERE name = 'read'`, `UPDATE scope SET feature = NULL`, 'the scope read'],
      [
        `INSERT INTO quota_reservation VALUES ('rsv_1', '${id}', 'used', 1, NULL, 'committed', NULL, now())`,
        `DELETE FROM quota_reservation`,
        'the reservation rsv_1',
      ],
    ];
    for (const [use, release, user] of users) {
      await house.sql(use);
      const before = await all();
      const { status, body } = await remove('used');
      expect([status, body.code, body.detail]).toEqual([
        409,
        'feature_in_use',
        `The feature used is used by ${user}. Remove it there first.`,
      ]);
      expect(await all()).toEqual(before);
      await house.sql(release);
    }
    expect((await remove('used')).status).toBe(204);
  });
});

test('there are so many features and no more', async () => {
  const { data } = (await house.manage('/api/features')).body;
  for (let index = data.length; index < 12; index++) {
    expect((await post({ key: `more${index}`, name: 'M', type: 'switch' })).status).toBe(201);
  }
  const { status, body } = await post({ key: 'toomany', name: 'T', type: 'switch' });
  expect([status, body.errors[0].path, body.detail]).toEqual([
    422,
    '/key',
    expect.stringContaining('FEATURES_MAX allows 12'),
  ]);
});
