import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { House, type MadeClient } from '../support.js';
import { expectNotStored, expectOAuthError } from './answers.js';

const INACTIVE = { active: false };
let house: House;
let client: MadeClient;
beforeAll(async () => {
  house = await House.open({ env: { ACCESS_TOKEN_TTL_SECONDS: '900' } });
  client = await house.client();
});
afterAll(() => house.close());

const introspect = (token: string, by: { client_id: string; client_secret: string } = house.api.admin) =>
  house.form('introspect', { token }, by);
const change = (made: MadeClient, body: Record<string, unknown>) =>
  house.manage(`/api/clients/${made.client_id}`, { method: 'PATCH', body });

describe('RFC 7662 §2.2: a live token', () => {
  test('is told with all its claims, and the answer is not stored', async () => {
    const token = await house.accessToken(client, 'read');
    const answer = await introspect(token, client);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expectNotStored(answer);
    const { cred: _ours, ...claims } = decodeJwt(token);
    expect(answer.body).toEqual({ active: true, ...claims, token_type: 'Bearer' });
    expect(Object.keys(answer.body).sort()).toEqual(
      ['active', 'aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'scope', 'sub', 'token_type'].sort(),
    );
  });

  test('of several resources: every audience is told', async () => {
    const wide = await house.client({ scopes: ['read', 'clients:read'] });
    const { body } = await introspect(await house.accessToken(wide));
    expect(body.aud).toEqual(['urn:bastionary:default', 'urn:bastionary:management']);
  });

  test.each(['access_token', 'refresh_token', 'nonsense'])(
    'token_type_hint=%s changes nothing',
    async (token_type_hint) => {
      const token = await house.accessToken(client);
      expect((await house.form('introspect', { token, token_type_hint }, client)).body.active).toBe(true);
    },
  );
});

describe('RFC 7662 §2.2: anything else is {"active":false} and nothing more', () => {
  test.each([
    ['garbage', () => 'garbage'],
    ['a generated secret', () => client.client_secret],
    ['a token cut short', (token: string) => token.slice(0, -1)],
    ['a token with something added', (token: string) => `${token}A`],
    ['a token without its signature', (token: string) => token.slice(0, token.lastIndexOf('.') + 1)],
    [
      'N01: a token that says it needs no signature',
      (token: string) => {
        const [, payload] = token.split('.');
        return `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${payload}.`;
      },
    ],
    ['N12: an object that is no token', () => `${Buffer.from('{}').toString('base64url')}.e30.${'A'.repeat(86)}`],
    ['NUL-free binary', () => '\u0001\u0002'],
    ['non-ASCII', () => 'т\u{1f511}'],
    ['N05: a text longer than any token', () => 'x'.repeat(12_000)],
  ])('%s', async (_what, make) => {
    const answer = await introspect(make(await house.accessToken(client)));
    expect([answer.status, answer.body]).toEqual([200, INACTIVE]);
  });

  test('RFC 7662 §4: the token of another client, for a caller without tokens:introspect', async () => {
    const other = await house.client();
    const token = await house.accessToken(client);
    expect((await introspect(token, other)).body).toEqual(INACTIVE);
    const reader = await house.client({ scopes: ['tokens:read', 'clients:read'] });
    expect((await introspect(token, reader)).body).toEqual(INACTIVE);
  });

  test('a resource server with tokens:introspect sees it', async () => {
    const server = await house.client({ scopes: ['tokens:introspect'] });
    const token = await house.accessToken(client);
    expect((await introspect(token, server)).body).toMatchObject({ active: true, client_id: client.client_id });
    await change(server, { scopes: ['read'] });
    expect((await introspect(token, server)).body).toEqual(INACTIVE);
  });
});

describe('RFC 7662 §2.1: the request', () => {
  test.each([{}, { token: '' }])('no token is invalid_request: %o', async (form) => {
    expectOAuthError(await house.form('introspect', form as Record<string, string>, client), 400, 'invalid_request');
  });

  test('two tokens are invalid_request', async () => {
    expectOAuthError(await house.form('introspect', 'token=a&token=a', client), 400, 'invalid_request');
  });

  test('an access token is no client authentication here', async () => {
    const token = await house.accessToken(client);
    const answer = await house.form('introspect', { token }, null, { authorization: `Bearer ${token}` });
    expectOAuthError(answer, 401, 'invalid_client');
  });
});

describe('RFC 7662 §4: a token is inactive at once', () => {
  test.each<[string, (made: MadeClient, token: string) => Promise<unknown>]>([
    ['it is revoked', (made, token) => house.form('revoke', { token }, made)],
    ['its client is suspended', (made) => change(made, { status: 'suspended' })],
    ['the expiry of its client is moved into the past', (made) => change(made, { expiry: '2023-12-31T23:59:59Z' })],
    ['its client is deleted', (made) => house.manage(`/api/clients/${made.client_id}`, { method: 'DELETE' })],
  ])('when %s', async (_when, end) => {
    const made = await house.client();
    const token = await house.accessToken(made);
    expect(await house.isActive(token)).toBe(true);
    await end(made, token);
    expect((await introspect(token)).body).toEqual(INACTIVE);
  });

  test('when its client reaches its expiry, with nobody doing anything', async () => {
    const made = await house.client({ expiry: new Date(Date.now() + 4_000).toISOString() });
    const token = await house.accessToken(made);
    await waitFor('the token to end', async () => !(await house.isActive(token)));
    const refused = await waitFor('the client to end', async () => {
      const answer = await house.form('token', 'grant_type=client_credentials', made);
      return answer.status === 401 && answer;
    });
    expectOAuthError(refused, 401, 'invalid_client');
  });

  test('a suspension ends, and what was not revoked lives again; what was, does not', async () => {
    const made = await house.client();
    const [kept, revoked] = [await house.accessToken(made), await house.accessToken(made)];
    await house.form('revoke', { token: revoked }, made);
    await change(made, { status: 'suspended' });
    expect([await house.isActive(kept), await house.isActive(revoked)]).toEqual([false, false]);
    await change(made, { status: 'active' });
    expect([await house.isActive(kept), await house.isActive(revoked)]).toEqual([true, false]);
  });

  test('N14: a token of a deleted client never passes for one of a client of the same name', async () => {
    const made = await house.client({ client_id: 'once-only' });
    const token = await house.accessToken(made);
    await house.manage('/api/clients/once-only', { method: 'DELETE' });
    expect((await house.manage('/api/clients', { body: { client_id: 'once-only', scopes: ['read'] } })).status).toBe(
      409,
    );
    expect(await house.isActive(token)).toBe(false);
  });

  test('rotating a secret stops the secret, not the tokens', async () => {
    const made = await house.client();
    const token = await house.accessToken(made);
    await house.manage(`/api/clients/${made.client_id}/rotate-secret`, { method: 'POST' });
    expect(await house.isActive(token)).toBe(true);
    expectOAuthError(await house.form('introspect', { token }, made), 401, 'invalid_client');
  });
});
