import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { claimsOf, House, type MadeClient } from '../support.js';

let house: House;
beforeAll(async () => {
  house = await House.open();
  for (const [key, type] of Object.entries({ seats: 'limit', notes: 'value', more_notes: 'value' })) {
    const { status } = await house.manage('/api/features', { body: { key, name: key, type } });
    expect(status).toBe(201);
  }
});
afterAll(() => house.close());

interface Made {
  readonly id: string;
  readonly client: MadeClient;
}
const made = async (some: Record<string, unknown> = {}): Promise<Made> => {
  const body = { name: 'A', email: 'a@b.example', currency: 'EUR' };
  const { id } = (await house.manage('/api/customers', { body })).body;
  return { id, client: await house.client({ customer_id: id, ...some }) };
};
const override = async (id: string, feature: string, value: unknown) => {
  const answer = await house.manage(`/api/customers/${id}/overrides/${feature}`, {
    method: 'PUT',
    body: { value, reason: 'agreed' },
  });
  expect(answer.status).toBe(200);
};
const setStatus = (id: string, status: string) =>
  house.manage(`/api/customers/${id}`, { method: 'PATCH', body: { status } });
const entitled = async (id: string) => (await house.manage(`/api/customers/${id}/entitlements`)).body;
const introspect = async (token: string, client: MadeClient) =>
  (await house.form('introspect', { token }, client)).body;
/** A token as of the customer's newest epoch, as soon as there is one. */
const newest = async ({ id, client }: Made): Promise<string> => {
  const { epoch } = await entitled(id);
  return waitFor(`a token of epoch ${epoch}`, async () => {
    const token = await house.accessToken(client);
    return claimsOf(token).entitlements.epoch === epoch && token;
  });
};

describe('the claim entitlements', () => {
  test('is epoch, hash and features of the snapshot, in the token and at introspection', async () => {
    const one = await made();
    await override(one.id, 'seats', 5);
    const { epoch, hash, features } = await entitled(one.id);
    const token = await newest(one);
    expect(claimsOf(token).entitlements).toEqual({ epoch, hash, features: { ...features, seats: 5 } });
    expect((await introspect(token, one.client)).entitlements).toEqual({ epoch, hash, features });
  });

  test('is not in a token of the installation', async () => {
    const client = await house.client();
    const token = await house.accessToken(client);
    expect([claimsOf(token), await introspect(token, client)]).toEqual([
      expect.not.objectContaining({ entitlements: expect.anything() }),
      expect.not.objectContaining({ entitlements: expect.anything() }),
    ]);
  });

  test('introspection of an older token says what is true now; an opaque one has it too', async () => {
    const one = await made();
    const opaque = await house.client({ customer_id: one.id, access_token_format: 'opaque' });
    const tokens = [await newest(one), await house.accessToken(opaque)] as const;
    await override(one.id, 'seats', 7);
    const { epoch, hash, features } = await entitled(one.id);
    for (const [token, client] of [
      [tokens[0], one.client],
      [tokens[1], opaque],
    ] as const) {
      await waitFor('the new epoch', async () => (await introspect(token, client)).entitlements.epoch === epoch);
      expect((await introspect(token, client)).entitlements).toEqual({ epoch, hash, features });
    }
  });

  test('leaves features too large for a header to introspection', async () => {
    const one = await made();
    await override(one.id, 'notes', 'x'.repeat(3_000));
    await override(one.id, 'more_notes', 'y'.repeat(3_000));
    const { epoch, hash, features } = await entitled(one.id);
    const token = await newest(one);
    expect(claimsOf(token).entitlements).toEqual({ epoch, hash });
    expect(await introspect(token, one.client)).toMatchObject({
      active: true,
      entitlements: { epoch, hash, features },
    });
  });

  test('as large as a token may carry, with the longest scope, still comes back alive', async () => {
    const one = await made();
    await override(one.id, 'notes', 'x'.repeat(3_900));
    const token = await newest(one);
    expect(Object.keys(claimsOf(token).entitlements)).toEqual(['epoch', 'hash', 'features']);
    expect((await introspect(token, one.client)).active).toBe(true);
  });
});

test('a suspended customer: its clients get no token and their live tokens are dead, until it is resumed', async () => {
  const one = await made({ scopes: ['read', 'entitlements:read'] });
  const other = await made();
  const [token, foreign] = [await newest(one), await newest(other)];
  const path = `/api/customers/${one.id}/entitlements`;
  expect((await house.manage(path, { token })).status).toBe(200);

  expect((await setStatus(one.id, 'suspended')).status).toBe(200);
  await waitFor('the token to be dead', async () => !(await house.isActive(token)));
  expect((await house.manage(path, { token })).status).toBe(401);
  const refused = await house.form('token', { grant_type: 'client_credentials' }, one.client);
  expect([refused.status, refused.body.error]).toEqual([401, 'invalid_client']);
  expect([await house.isActive(foreign), await house.isActive(token)]).toEqual([true, false]);

  expect((await setStatus(one.id, 'active')).status).toBe(200);
  await waitFor('the token to live again', () => house.isActive(token));
  expect(await house.accessToken(one.client)).toEqual(expect.any(String));
});
