import { json } from '@bastionary/testing/http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, type MadeClient, raw } from '../support.js';

const REALM = 'Bearer realm="bastionary"';
let house: House;
let reader: MadeClient;
beforeAll(async () => {
  house = await House.open({ env: { ACCESS_TOKEN_TTL_SECONDS: '900' } });
  reader = await house.client({ scopes: ['clients:read', 'read'] });
});
afterAll(() => house.close());

const ask = (authorization?: string, path = '/api/clients', method = 'GET') =>
  json(`${house.api.url}${path}`, { method, headers: authorization === undefined ? {} : { authorization } });

function expectRefused(answer: Awaited<ReturnType<typeof ask>>, status: number, code: string, challenge: string): void {
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(answer.headers.get('www-authenticate')).toBe(challenge);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
}
const expectInvalid = (answer: Awaited<ReturnType<typeof ask>>) =>
  expectRefused(
    answer,
    401,
    'invalid_token',
    `${REALM}, error="invalid_token", error_description="${answer.body.detail}"`,
  );

describe('RFC 6750 §3: the management API takes a Bearer token', () => {
  test('without any credential: 401, a challenge and no error code', async () => {
    expectRefused(await ask(), 401, 'unauthenticated', REALM);
  });

  test.each(['Bearer', 'bearer', 'BEARER'])('RFC 9110 §11.1: the scheme %s matches in any case', async (scheme) => {
    expect((await ask(`${scheme} ${house.token}`)).status).toBe(200);
  });

  test.each([
    ['empty', () => ''],
    ['the scheme alone', () => 'Bearer'],
    ['no token', () => 'Bearer '],
    ['two tokens', () => `Bearer ${house.token} ${house.token}`],
    ['a tab', () => `Bearer\t${house.token}`],
    ['no scheme', () => house.token],
    ['another scheme', () => `DPoP ${house.token}`],
    [
      'HTTP Basic of the admin itself',
      () => `Basic ${Buffer.from(`${house.api.admin.client_id}:${house.api.admin.client_secret}`).toString('base64')}`,
    ],
    ['garbage', () => 'Bearer garbage'],
    ['a secret', () => `Bearer ${house.api.admin.client_secret}`],
    ['the token cut short', () => `Bearer ${house.token.slice(0, -1)}`],
    [
      'the token with one character changed',
      () => `Bearer ${house.token.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))}`,
    ],
    ['N35: a very long token', () => `Bearer ${'x'.repeat(12_000)}`],
    ['N01: a token without a signature', () => `Bearer ${house.token.split('.').slice(0, 2).join('.')}.`],
  ])('N35: %s: 401 invalid_token, no falling through', async (_what, make) => {
    expectInvalid(await ask(make()));
  });

  test('N35: two Authorization headers are refused, whichever is right', async () => {
    const [good, bad] = [`Authorization: Bearer ${house.token}`, 'Authorization: Bearer x'];
    for (const both of [
      [good, bad],
      [bad, good],
      [good, good],
    ]) {
      expect((await raw(house.api.url, ['GET /api/clients HTTP/1.1', ...both])).status).toBe(401);
    }
  });

  test('RFC 6750 §2.2, §2.3: a token in the query or in a form opens nothing', async () => {
    expect((await ask(undefined, `/api/resources?access_token=${house.token}`)).status).toBe(401);
    const form = await json(`${house.api.url}/api/clients`, {
      body: new URLSearchParams({ access_token: house.token }),
    });
    expect([401, 415]).toContain(form.status);
  });
});

describe('a token that is no longer, or was never, for this', () => {
  test('N07: a token for another audience is refused, though its signature is ours', async () => {
    const token = await house.accessToken(reader, 'read');
    expectInvalid(await ask(`Bearer ${token}`));
  });

  test('RFC 6750 §3.1: a permission that is missing is 403 and named', async () => {
    const token = await house.accessToken(reader, 'clients:read');
    const body = { scopes: ['read'] };
    const before = await house.written();
    const answer = await house.manage('/api/clients', { token, body });
    expectRefused(answer, 403, 'insufficient_scope', `${REALM}, error="insufficient_scope", scope="clients:write"`);
    expect((await house.manage(`/api/clients/${reader.client_id}`, { token, method: 'DELETE' })).status).toBe(403);
    expect(await house.written()).toEqual(before);
    expect((await ask(`Bearer ${token}`)).status).toBe(200);
  });

  test('a scope of the client that the token was not asked for does not count', async () => {
    const both = await house.client({ scopes: ['clients:read', 'audit:read'] });
    const token = await house.accessToken(both, 'clients:read');
    expect((await ask(`Bearer ${token}`, '/api/audit')).status).toBe(403);
  });

  test('a revoked one is refused at once', async () => {
    const token = await house.accessToken(reader, 'clients:read');
    expect((await ask(`Bearer ${token}`)).status).toBe(200);
    await house.form('revoke', { token }, reader);
    expectInvalid(await ask(`Bearer ${token}`));
  });

  test.each<[string, (made: MadeClient) => Promise<unknown>]>([
    [
      'suspended',
      (made) => house.manage(`/api/clients/${made.client_id}`, { method: 'PATCH', body: { status: 'suspended' } }),
    ],
    [
      'expired',
      (made) =>
        house.manage(`/api/clients/${made.client_id}`, { method: 'PATCH', body: { expiry: '2023-12-31T23:59:59Z' } }),
    ],
    ['deleted', (made) => house.manage(`/api/clients/${made.client_id}`, { method: 'DELETE' })],
  ])('N23: one of a client that was %s is refused at once', async (_what, end) => {
    const made = await house.client({ scopes: ['clients:read'] });
    const token = await house.accessToken(made);
    expect((await ask(`Bearer ${token}`)).status).toBe(200);
    await end(made);
    expectInvalid(await ask(`Bearer ${token}`));
  });

  test('N41: a client may give away no more than it may do itself by asking again', async () => {
    // Who may write clients may make any: that is what the permission says. It needs the permission, though.
    const token = await house.accessToken(reader, 'clients:read');
    const elevate = await house.manage(`/api/clients/${reader.client_id}`, {
      token,
      method: 'PATCH',
      body: { scopes: ['clients:write'] },
    });
    expect(elevate.status).toBe(403);
    expect((await house.manage(`/api/clients/${reader.client_id}`)).body.scopes).toEqual(['clients:read', 'read']);
  });
});

describe('N30: what a proxy says counts only from a proxy we trust', () => {
  test('a forged X-Forwarded-For does not stand in the record', async () => {
    const made = await house.client();
    await house.manage(`/api/clients/${made.client_id}`, {
      method: 'DELETE',
      headers: { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9' },
    });
    const rows = await house.sql('SELECT DISTINCT address FROM audit_log WHERE target = $1', [
      `client:${made.client_id}`,
    ]);
    expect(rows).toEqual([{ address: '127.0.0.1' }]);
  });
});
