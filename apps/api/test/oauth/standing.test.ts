import type { Answer } from '@bastionary/testing/http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, type MadeClient } from '../support.js';
import { expectOAuthError } from './answers.js';
import { assertion, dpopProof, freshNonce, makeSigner, reasonOf, withAssertion } from './signing.js';

const GRANT = { grant_type: 'client_credentials' };
const signer = makeSigner('ES256', 'key');
let house: House;
beforeAll(async () => {
  house = await House.open({ env: { FAILURES_PER_MINUTE: '10000' } });
});
afterAll(() => house.close());

const METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const;
type Method = (typeof METHODS)[number];

const change = (of: MadeClient, body: Record<string, unknown>) =>
  house.manage(`/api/clients/${of.client_id}`, { method: 'PATCH', body });
/** A client that has a secret and a key, whichever of them it may use. */
async function both({ token_endpoint_auth_method, ...body }: Record<string, unknown> = {}): Promise<MadeClient> {
  const client = await house.client({ jwks: { keys: [signer.jwk] }, ...body });
  // One that begins with private_key_jwt is given no secret.
  if (token_endpoint_auth_method) expect((await change(client, { token_endpoint_auth_method })).status).toBe(200);
  return client;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
type Sent = Promise<Answer<any>>;
type Send = (
  of: MadeClient,
  form: Record<string, string>,
  headers?: Record<string, string>,
  at?: 'token' | 'introspect' | 'revoke',
) => Sent;
/** A request of a client that proves itself by a method; every credential is right. */
const by: Record<Method, Send> = {
  client_secret_basic: (of, form, headers, at = 'token') => house.form(at, form, of, headers),
  client_secret_post: ({ client_id, client_secret }, form, headers, at = 'token') =>
    house.form(at, { ...form, client_id, client_secret }, null, headers),
  private_key_jwt: ({ client_id }, form, headers, at = 'token') =>
    house.form(at, { ...withAssertion(assertion(house.api.url, client_id, signer)), ...form }, null, headers),
};

describe('N25: the method a client registered, and no other', () => {
  const cells = METHODS.flatMap((registered) => METHODS.map((used) => [registered, used] as const));
  test.each(cells)('registered %s, used %s', async (registered, used) => {
    const client = await both({ token_endpoint_auth_method: registered });
    for (const at of ['token', 'introspect', 'revoke'] as const) {
      const answer = await by[used](client, { ...GRANT, token: 'x' }, {}, at);
      if (registered === used) {
        expect(answer.status).toBe(200);
        continue;
      }
      expectOAuthError(answer, 401, 'invalid_client');
      expect(await reasonOf(house, answer)).toEqual({
        code: 'method_not_registered',
        reason: `the client used ${used}; it is registered for ${registered}`,
      });
    }
  });

  test.each(['client_secret_basic', 'client_secret_post'] as const)('registered none, used %s', async (used) => {
    expect((await by[used](await both(), GRANT)).status).toBe(200);
  });

  test('a method set later ends the others at once', async () => {
    const client = await both();
    expect((await by.client_secret_basic(client, GRANT)).status).toBe(200);
    await change(client, { token_endpoint_auth_method: 'private_key_jwt' });
    expectOAuthError(await by.client_secret_basic(client, GRANT), 401, 'invalid_client');
    expect((await by.private_key_jwt(client, GRANT)).status).toBe(200);
  });

  test.each(METHODS)('two methods at once are invalid_request, whatever is registered: %s', async (registered) => {
    const client = await both({ token_endpoint_auth_method: registered });
    const { client_id, client_secret } = client;
    const proof = () => withAssertion(assertion(house.api.url, client_id, signer));
    for (const answer of [
      await house.form('token', proof(), client),
      await house.form('token', { ...proof(), client_id, client_secret }),
      await house.form('token', { ...GRANT, client_id, client_secret }, client),
    ]) {
      expectOAuthError(answer, 400, 'invalid_request');
    }
  });

  test('a client id alone is nobody, of whatever method', async () => {
    for (const token_endpoint_auth_method of [null, ...METHODS]) {
      const { client_id } = await both({ token_endpoint_auth_method });
      expectOAuthError(await house.form('token', { ...GRANT, client_id }), 401, 'invalid_client');
    }
  });
});

describe('N25: the grants a client registered, and no other', () => {
  const REGISTERED = [['client_credentials'], ['client_credentials', 'refresh_token']];
  const cells = REGISTERED.flatMap((registered) => METHODS.map((method) => [registered, method] as const));
  test.each(cells)('registered %j, by %s', async (grant_types, method) => {
    const [client, opted] = [
      await both({ grant_types }),
      await both({ grant_types: ['client_credentials', 'refresh_token'] }),
    ];
    const first = await by[method](client, GRANT);
    expect(first.status).toBe(200);
    const { refresh_token } = grant_types.length === 2 ? first.body : (await by[method](opted, GRANT)).body;
    const answer = await by[method](client, { grant_type: 'refresh_token', refresh_token });
    if (grant_types.length === 2) expect(answer.status).toBe(200);
    else expectOAuthError(answer, 400, 'unauthorized_client');
  });

  test.each(['password', 'authorization_code', 'urn:ietf:params:oauth:grant-type:jwt-bearer', 'client_credentials '])(
    'a grant that nobody has is unsupported_grant_type: %j',
    async (grant_type) => {
      expectOAuthError(await by.client_secret_basic(await both(), { grant_type }), 400, 'unsupported_grant_type');
    },
  );
});

describe('N23: a client that may not act, with every grant and every token it has', () => {
  type End = [string, (of: MadeClient) => Promise<unknown>];
  const ends: End[] = [
    ['suspended', (of) => change(of, { status: 'suspended' })],
    ['expired', (of) => change(of, { expiry: '2023-12-31T23:59:59Z' })],
    ['deleted', (of) => house.manage(`/api/clients/${of.client_id}`, { method: 'DELETE' })],
  ];
  const cells = ends.flatMap(([state, end]) =>
    ['jwt', 'opaque'].map((format) => [state, format, end] as [string, string, End[1]]),
  );
  test.each(cells)('%s, with %s tokens', async (_state, access_token_format, end) => {
    const grant_types = ['client_credentials', 'refresh_token'];
    const client = await both({ grant_types, access_token_format, scopes: ['clients:read'] });
    const key = makeSigner();
    const nonce = await freshNonce(house, client);
    const proof = (path: string, accessToken?: string) =>
      dpopProof(key, {
        method: accessToken === undefined ? 'POST' : 'GET',
        url: `${house.api.url}${path}`,
        nonce,
        ...(accessToken !== undefined && { accessToken }),
      });
    const plain = (await by.client_secret_basic(client, GRANT)).body;
    const refreshed = (
      await by.private_key_jwt(client, { grant_type: 'refresh_token', refresh_token: plain.refresh_token })
    ).body;
    const bound = (await by.client_secret_post(client, GRANT, { dpop: proof('/oauth2/token') })).body;
    const tokens = [plain, refreshed, bound].map(({ access_token }) => access_token as string);
    for (const token of tokens) expect(await house.isActive(token)).toBe(true);
    expect((await house.manage('/api/clients', { token: plain.access_token })).status).toBe(200);

    await end(client);

    for (const method of METHODS) {
      for (const form of [GRANT, { grant_type: 'refresh_token', refresh_token: refreshed.refresh_token }]) {
        expectOAuthError(await by[method](client, form), 401, 'invalid_client');
      }
      for (const at of ['introspect', 'revoke'] as const) {
        expectOAuthError(await by[method](client, { token: plain.access_token }, {}, at), 401, 'invalid_client');
      }
    }
    for (const token of tokens) {
      expect(await house.isActive(token)).toBe(false);
      expect((await house.manage('/api/clients', { token })).status).toBe(401);
    }
    const headers = { authorization: `DPoP ${bound.access_token}`, dpop: proof('/api/clients', bound.access_token) };
    expect((await house.manage('/api/clients', { token: '', headers })).status).toBe(401);
  });

  test('N14: the id of a deleted client is never used again, so its tokens stay dead', async () => {
    const client = await both({ client_id: 'once-only' });
    const token = (await by.client_secret_basic(client, GRANT)).body.access_token;
    await house.manage('/api/clients/once-only', { method: 'DELETE' });
    const again = await house.manage('/api/clients', { body: { client_id: 'once-only', scopes: ['read'] } });
    expect(again.status).toBe(409);
    expect(await house.isActive(token)).toBe(false);
  });
});

describe("N26: another client's tokens", () => {
  test.each(METHODS)('by %s: introspection sees nothing, revocation does nothing, both answer 200', async (method) => {
    const grant_types = ['client_credentials', 'refresh_token'];
    const [owner, other] = [await both({ grant_types }), await both({ grant_types })];
    const { access_token, refresh_token } = (await by[method](owner, GRANT)).body;
    const nothing = await by[method](other, { token: 'garbage' }, {}, 'introspect');
    for (const token of [access_token, refresh_token]) {
      const seen = await by[method](other, { token }, {}, 'introspect');
      expect([seen.status, seen.body]).toEqual([nothing.status, nothing.body]);
      const revoked = await by[method](other, { token }, {}, 'revoke');
      expect([revoked.status, revoked.body]).toEqual([200, null]);
    }
    expect(await house.isActive(access_token)).toBe(true);
    expect((await by[method](owner, { grant_type: 'refresh_token', refresh_token })).status).toBe(200);
  });
});
