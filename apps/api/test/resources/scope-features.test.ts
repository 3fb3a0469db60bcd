import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';

let house: House;
let customerId: string;
beforeAll(async () => {
  house = await House.open();
  for (const key of ['reports', 'archive'])
    await house.manage('/api/features', { body: { key, name: key, type: 'switch' } });
  const customer = { name: 'Paying', email: 'paying@example.com', currency: 'EUR' };
  customerId = (await house.manage('/api/customers', { body: customer })).body.id;
});
afterAll(() => house.close());

let made = 0;
/** A resource with one scope, which needs a feature or none. */
const create = async (feature?: string | null) => {
  const name = `s${++made}:see`;
  const body = { identifier: `urn:r${made}`, scopes: [{ name, description: 'See', feature }] };
  return { name, ...(await house.manage('/api/resources', { body })) };
};
const change = (id: string, scopes: object[]) =>
  house.manage(`/api/resources/${id}`, { method: 'PATCH', body: { scopes } });
const override = (value: boolean) =>
  house.manage(`/api/customers/${customerId}/overrides/reports`, { method: 'PUT', body: { value, reason: 'test' } });

describe('a scope that needs a feature', () => {
  test('is made so, shown so, changed with a record, and a list that does not speak of it leaves it', async () => {
    const { name, status, body } = await create('reports');
    const shown = async () => (await house.manage(`/api/resources/${body.id}`)).body.scopes;
    const scope = { name, description: 'See', feature: 'reports' };
    expect([status, body.scopes]).toEqual([201, [scope]]);
    expect((await change(body.id, [{ name, description: 'See all' }])).body.scopes).toEqual([
      { ...scope, description: 'See all' },
    ]);
    const records = (await house.audit(`resource:${body.identifier}`)).length;
    await change(body.id, [{ name, description: 'See all', feature: 'reports' }]);
    expect(await house.audit(`resource:${body.identifier}`)).toHaveLength(records);
    await change(body.id, [{ name, description: 'See all', feature: 'archive' }]);
    expect(await shown()).toEqual([{ name, description: 'See all', feature: 'archive' }]);
    await change(body.id, [{ name, description: 'See all', feature: null }]);
    expect(await shown()).toEqual([{ name, description: 'See all', feature: null }]);
    const [first, second] = (await house.audit(`resource:${body.identifier}`)).slice(-2);
    expect([first?.detail, second?.detail]).toMatchObject([
      { scopes: { from: [{ feature: 'reports' }], to: [{ feature: 'archive' }] } },
      { scopes: { from: [{ feature: 'archive' }], to: [{ feature: null }] } },
    ]);
  });

  test('is for the customers that have the feature, from the answer on; the installation’s clients are not concerned', async () => {
    const { name, body } = await create();
    const ofCustomer = await house.client({ scopes: [name, 'read'], customer_id: customerId });
    const ofInstallation = await house.client({ scopes: [name] });
    const ask = async (client: typeof ofCustomer) => {
      const { status, body: answer } = await house.form(
        'token',
        { grant_type: 'client_credentials', scope: name },
        client,
      );
      return [status, answer.scope ?? answer.error];
    };
    expect(await ask(ofCustomer)).toEqual([200, name]);
    await change(body.id, [{ name, description: 'See', feature: 'reports' }]);
    expect(await ask(ofCustomer)).toEqual([400, 'invalid_scope']);
    expect(await ask(ofInstallation)).toEqual([200, name]);
    await override(true);
    expect(await ask(ofCustomer)).toEqual([200, name]);
    await override(false);
    expect(await ask(ofCustomer)).toEqual([400, 'invalid_scope']);
  });

  test('keeps the feature from being deleted, which names it', async () => {
    await house.manage('/api/features', { body: { key: 'kept', name: 'Kept', type: 'switch' } });
    const { name, body } = await create('kept');
    const refused = await house.manage('/api/features/kept', { method: 'DELETE' });
    expect([refused.status, refused.body.code, refused.body.detail]).toEqual([
      409,
      'feature_in_use',
      `The feature kept is used by the scope ${name}. Remove it there first.`,
    ]);
    await change(body.id, [{ name, description: 'See', feature: null }]);
    expect((await house.manage('/api/features/kept', { method: 'DELETE' })).status).toBe(204);
  });

  test('a feature that is deleted at the same moment: one of the two is refused', async () => {
    for (let round = 0; round < 10; round++) {
      const key = `raced-${round}`;
      await house.manage('/api/features', { body: { key, name: key, type: 'switch' } });
      const { name, body } = await create();
      const answers = await Promise.all([
        change(body.id, [{ name, description: 'See', feature: key }]),
        house.manage(`/api/features/${key}`, { method: 'DELETE' }),
      ]);
      expect([
        [200, 409],
        [422, 204],
      ]).toContainEqual(answers.map(({ status }) => status));
    }
  });

  test.each([
    ['that does not exist', 'nothing', 'unknown_feature'],
    ['that is no key', 'No Key', 'invalid_format'],
    ['that is no text', 7, 'invalid_type'],
  ])('a feature %s is 422 and named; nothing changes', async (_what, feature, code) => {
    const { name, body } = await create();
    const before = await house.written();
    const scopes = [{ name, description: 'See', feature }];
    for (const answer of [
      await change(body.id, scopes),
      await house.manage('/api/resources', { body: { identifier: 'urn:none', scopes } }),
    ]) {
      expect([answer.status, answer.body.errors]).toEqual([
        422,
        [{ path: '/scopes/0/feature', code, message: expect.any(String) }],
      ]);
    }
    expect(await house.written()).toEqual(before);
  });

  test('the scopes of the management API stay as they are', async () => {
    const [, management] = (await house.manage('/api/resources')).body.data;
    const scopes = management.scopes.map((scope: object) => ({ ...scope, feature: 'archive' }));
    expect((await change(management.id, scopes)).body.errors).toEqual([
      { path: '/scopes', code: 'built_in', message: expect.any(String) },
    ]);
  });
});
