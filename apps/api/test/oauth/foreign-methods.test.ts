import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { House, type MadeClient } from '../support.js';

// The same strict clients across authentication methods × DPoP × introspection × refresh, unchanged.
const METHODS = ['client_secret_basic', 'client_secret_post', 'ES256', 'PS256', 'Ed25519'] as const;
type Method = (typeof METHODS)[number];
const cells = METHODS.flatMap((method) => [false, true].map((dpop) => [method, dpop] as const));

let house: House;
beforeAll(async () => {
  house = await House.open();
});
afterAll(() => house.close());

interface Equipped {
  client: MadeClient;
  key: oauth.PrivateKey | undefined;
}

/** A client registered for the method, with a key of its own if it needs one. */
async function equip(method: Method, dpop: boolean, body: Record<string, unknown> = {}): Promise<Equipped> {
  const common = {
    scopes: ['read', 'write', 'clients:read'],
    grant_types: ['client_credentials', 'refresh_token'],
    dpop_bound_access_tokens: dpop,
    ...body,
  };
  if (method === 'client_secret_basic' || method === 'client_secret_post') {
    return { client: await house.client({ ...common, token_endpoint_auth_method: method }), key: undefined };
  }
  const { privateKey, publicKey } = await oauth.generateKeyPair(method, { extractable: true });
  const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: 'foreign' };
  const client = await house.client({
    ...common,
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [jwk] },
  });
  return { client, key: { key: privateKey, kid: 'foreign' } };
}

describe('oauth4webapi', () => {
  const http = { [oauth.allowInsecureRequests]: true };
  const discover = async () => {
    const issuer = new URL(house.api.url);
    return oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...http }),
    );
  };
  const proofOf = (method: Method, { client, key }: Equipped): oauth.ClientAuth => {
    if (key !== undefined) return oauth.PrivateKeyJwt(key);
    return (method === 'client_secret_post' ? oauth.ClientSecretPost : oauth.ClientSecretBasic)(client.client_secret);
  };
  /** RFC 9449 §8: the first proof has no nonce yet; the second carries the one it was told. */
  const twice = async <Result>(ask: () => Promise<Result>): Promise<Result> =>
    ask().catch((error: unknown) => {
      if (oauth.isDPoPNonceError(error)) return ask();
      throw error;
    });

  test.each(cells)('%s, DPoP %j: token, introspection, refresh, API, revocation', async (method, dpop) => {
    const as = await discover();
    const equipped = await equip(method, dpop);
    const me: oauth.Client = { client_id: equipped.client.client_id };
    const proof = proofOf(method, equipped);
    const handle = dpop ? { DPoP: oauth.DPoP(me, await oauth.generateKeyPair('ES256')) } : {};
    const granted = await twice(async () =>
      oauth.processClientCredentialsResponse(
        as,
        me,
        await oauth.clientCredentialsGrantRequest(
          as,
          me,
          proof,
          { scope: 'read clients:read' },
          { ...http, ...handle },
        ),
      ),
    );
    const refreshed = await twice(async () =>
      oauth.processRefreshTokenResponse(
        as,
        me,
        await oauth.refreshTokenGrantRequest(as, me, proof, String(granted.refresh_token), { ...http, ...handle }),
      ),
    );
    expect(refreshed.refresh_token).not.toBe(granted.refresh_token);
    for (const { access_token, token_type } of [granted, refreshed]) {
      expect(token_type).toBe(dpop ? 'dpop' : 'bearer');
      const seen = await oauth.processIntrospectionResponse(
        as,
        me,
        await oauth.introspectionRequest(as, me, proof, access_token, http),
      );
      expect([seen.active, seen.cnf !== undefined]).toEqual([true, dpop]);
      const url = new URL(`${house.api.url}/api/clients/${me.client_id}`);
      const answer = await twice(() =>
        oauth.protectedResourceRequest(access_token, 'GET', url, undefined, null, { ...http, ...handle }),
      );
      expect(answer.status).toBe(200);
    }
    const revoke = async (token: string) =>
      oauth.processRevocationResponse(await oauth.revocationRequest(as, me, proof, token, http));
    await revoke(String(refreshed.refresh_token));
    expect(await house.isActive(refreshed.access_token)).toBe(false);
  });

  test('RFC 9449 §6, RFC 9068 §4: as a resource server it accepts a bound token with its proof, not without', async () => {
    const as = await discover();
    const equipped = await equip('client_secret_basic', true);
    const me: oauth.Client = { client_id: equipped.client.client_id };
    const handle = oauth.DPoP(me, await oauth.generateKeyPair('ES256'));
    const granted = await twice(async () =>
      oauth.processClientCredentialsResponse(
        as,
        me,
        await oauth.clientCredentialsGrantRequest(
          as,
          me,
          proofOf('client_secret_basic', equipped),
          { scope: 'read' },
          { ...http, DPoP: handle },
        ),
      ),
    );
    const seen: Request[] = [];
    await oauth.protectedResourceRequest(
      granted.access_token,
      'GET',
      new URL('http://resource.example/'),
      undefined,
      null,
      {
        ...http,
        DPoP: handle,
        [oauth.customFetch]: async (url, { headers, method }) => {
          seen.push(new Request(url, { headers, method }));
          return new Response(null, { status: 204 });
        },
      },
    );
    const validate = (request: Request) => oauth.validateJwtAccessToken(as, request, 'urn:bastionary:default', http);
    const [request] = seen;
    if (request === undefined) throw new Error('nothing was asked');
    expect(await validate(request.clone())).toMatchObject({
      client_id: me.client_id,
      cnf: { jkt: expect.any(String) },
    });
    request.headers.delete('dpop');
    await expect(validate(request)).rejects.toThrow();
  });
});

describe('openid-client', () => {
  const configure = (method: Method, { client, key }: Equipped) => {
    const secret = method === 'client_secret_post' ? openid.ClientSecretPost : openid.ClientSecretBasic;
    const proof = key === undefined ? secret(client.client_secret) : openid.PrivateKeyJwt(key);
    return openid.discovery(new URL(house.api.url), client.client_id, undefined, proof, {
      execute: [openid.allowInsecureRequests],
    });
  };

  test.each(cells)('%s, DPoP %j: token, introspection, refresh, API, revocation', async (method, dpop) => {
    const equipped = await equip(method, dpop, { access_token_format: 'opaque' });
    const configuration = await configure(method, equipped);
    const handle = dpop
      ? { DPoP: openid.getDPoPHandle(configuration, await openid.randomDPoPKeyPair('ES256')) }
      : undefined;
    const granted = await openid.clientCredentialsGrant(configuration, { scope: 'read clients:read' }, handle);
    const refreshed = await openid.refreshTokenGrant(
      configuration,
      String(granted.refresh_token),
      { scope: 'clients:read' },
      handle,
    );
    expect(refreshed.scope).toBe('clients:read');
    for (const { access_token, token_type } of [granted, refreshed]) {
      expect(token_type).toBe(dpop ? 'dpop' : 'bearer');
      expect(await openid.tokenIntrospection(configuration, access_token)).toMatchObject({ active: true });
      const url = new URL(`${house.api.url}/api/clients/${equipped.client.client_id}`);
      const answer = await openid.fetchProtectedResource(
        configuration,
        access_token,
        url,
        'GET',
        null,
        undefined,
        handle,
      );
      expect(answer.status).toBe(200);
    }
    await openid.tokenRevocation(configuration, String(refreshed.refresh_token));
    expect(await openid.tokenIntrospection(configuration, refreshed.access_token)).toEqual({ active: false });
    await expect(
      openid.refreshTokenGrant(configuration, String(refreshed.refresh_token), undefined, handle),
    ).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});
