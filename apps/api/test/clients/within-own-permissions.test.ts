import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, type MadeClient } from '../support.js';

let house: House;
let token: string;
let mighty: MadeClient;
beforeAll(async () => {
  house = await House.open();
  const keeper = await house.client({ scopes: ['clients:read', 'clients:write'] });
  token = await house.accessToken(keeper);
  mighty = await house.client({ scopes: ['read', 'keys:write'] });
});
afterAll(() => house.close());

const LACKS = [403, 'insufficient_scope', 'This needs the permission keys:write.'];

describe('nobody hands out permissions they lack', () => {
  const asked = async (path: string, options: { method?: string; body?: unknown }) => {
    const before = await house.written();
    const answer = await house.manage(path, { token, ...options });
    expect([answer.status, answer.body.code, answer.body.detail]).toEqual(LACKS);
    expect(await house.written()).toEqual(before);
  };
  const path = () => `/api/clients/${mighty.client_id}`;

  test('a new client', () => asked('/api/clients', { body: { scopes: ['read', 'keys:write'] } }));
  test('a client that grows', async () => {
    const { client_id } = await house.client();
    await asked(`/api/clients/${client_id}`, { method: 'PATCH', body: { scopes: ['read', 'keys:write'] } });
  });
  test('a client that has them already, whatever is changed', () =>
    asked(path(), { method: 'PATCH', body: { token_endpoint_auth_method: 'client_secret_post' } }));
  test('its secret', () => asked(`${path()}/rotate-secret`, { method: 'POST' }));
  test('another credential of it', () => asked(`${path()}/credentials`, { body: { kind: 'secret' } }));
  test('an import', () =>
    asked('/api/bulk/clients', { body: { clients: [{ client_id: 'imported', scopes: ['keys:write'] }] } }));

  test('whoever has them may', async () => {
    const body = { scopes: ['keys:write'] };
    expect((await house.manage('/api/clients', { body })).status).toBe(201);
    expect((await house.manage(path(), { method: 'PATCH', body: { name: 'Mighty' } })).status).toBe(200);
  });
  test('scopes of other resources are not permissions', async () => {
    const answer = await house.manage('/api/clients', { token, body: { scopes: ['read', 'write'] } });
    expect(answer.status).toBe(201);
  });
});
