import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { ClientCredentials } from 'simple-oauth2';
import { House, type MadeClient } from '../support.js';

// Clients as people use them, unchanged: what they refuse, a stranger's program would refuse too.
let house: House;
let client: MadeClient;
let special: MadeClient;
beforeAll(async () => {
  house = await House.open();
  client = await house.client();
  // Every character that one of the encodings changes.
  special = await house.client({ client_id: 'special~id', client_secret: 'a+b c%20&=:/?#"é'.replace('é', "\\'") });
});
afterAll(() => house.close());

const clients = (): [string, MadeClient][] => [
  ['generated', client],
  ['special', special],
];

describe('oauth4webapi', () => {
  const http = { [oauth.allowInsecureRequests]: true };
  const discover = async (algorithm: 'oauth2' | 'oidc') => {
    const issuer = new URL(house.api.url);
    return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm, ...http }));
  };
  const methods = [
    ['basic', oauth.ClientSecretBasic],
    ['post', oauth.ClientSecretPost],
  ] as const;

  test.each(['oauth2', 'oidc'] as const)('RFC 8414 §3.3: discovery as %s', async (algorithm) => {
    expect((await discover(algorithm)).issuer).toBe(house.api.url);
  });

  test.each(methods)('by %s: token, introspection, revocation', async (_name, method) => {
    const as = await discover('oauth2');
    for (const [, { client_id, client_secret }] of clients()) {
      const me = { client_id };
      const proof = method(client_secret);
      const granted = await oauth.processClientCredentialsResponse(
        as,
        me,
        await oauth.clientCredentialsGrantRequest(as, me, proof, { scope: 'read' }, http),
      );
      expect(granted).toMatchObject({ token_type: 'bearer', expires_in: 900, scope: 'read' });
      const introspect = async () =>
        oauth.processIntrospectionResponse(
          as,
          me,
          await oauth.introspectionRequest(as, me, proof, granted.access_token, http),
        );
      expect(await introspect()).toMatchObject({ active: true, client_id, iss: house.api.url });
      await oauth.processRevocationResponse(await oauth.revocationRequest(as, me, proof, granted.access_token, http));
      expect(await introspect()).toEqual({ active: false });
    }
  });

  test('RFC 9068 §4: as a resource server it accepts the token for its audience, and for no other', async () => {
    const as = await discover('oauth2');
    const request = async () =>
      new Request('http://resource.example/', {
        headers: { authorization: `Bearer ${await house.accessToken(client)}` },
      });
    const claims = await oauth.validateJwtAccessToken(as, await request(), 'urn:bastionary:default', http);
    expect(claims).toMatchObject({ sub: client.client_id, client_id: client.client_id, scope: 'read write' });
    await expect(oauth.validateJwtAccessToken(as, await request(), 'urn:another', http)).rejects.toThrow();
  });

  test('RFC 6749 §5.2: it reads errors and challenges', async () => {
    const as = await discover('oauth2');
    const me = { client_id: client.client_id };
    const ask = async (secret: string, scope: string) =>
      oauth.processClientCredentialsResponse(
        as,
        me,
        await oauth.clientCredentialsGrantRequest(as, me, oauth.ClientSecretBasic(secret), { scope }, http),
      );
    const denied = await ask('a wrong secret', 'read').catch((error: unknown) => error);
    expect(denied).toBeInstanceOf(oauth.WWWAuthenticateChallengeError);
    expect(denied).toMatchObject({ status: 401, cause: [{ scheme: 'basic', parameters: { realm: house.api.url } }] });
    const refused = await ask(client.client_secret, 'nonsense').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(oauth.ResponseBodyError);
    expect(refused).toMatchObject({ status: 400, error: 'invalid_scope', error_description: expect.any(String) });
  });
});

describe('openid-client', () => {
  const configure = ({ client_id, client_secret }: MadeClient, method: (secret: string) => openid.ClientAuth) =>
    openid.discovery(new URL(house.api.url), client_id, undefined, method(client_secret), {
      execute: [openid.allowInsecureRequests],
    });

  test.each([
    ['basic', openid.ClientSecretBasic],
    ['post', openid.ClientSecretPost],
  ] as const)('by %s: discovery, token, introspection, revocation', async (_name, method) => {
    for (const [, made] of clients()) {
      const configuration = await configure(made, method);
      const granted = await openid.clientCredentialsGrant(configuration, { scope: 'write read' });
      expect(granted).toMatchObject({ token_type: 'bearer', scope: 'write read' });
      expect(granted.expiresIn()).toBeGreaterThan(0);
      const { access_token } = granted;
      expect(await openid.tokenIntrospection(configuration, access_token)).toMatchObject({ active: true });
      await openid.tokenRevocation(configuration, access_token);
      expect(await openid.tokenIntrospection(configuration, access_token)).toEqual({ active: false });
    }
  });

  test('it reaches the management API with the token it got', async () => {
    const admin = { ...client, ...house.api.admin };
    const configuration = await configure(admin, openid.ClientSecretBasic);
    const { access_token } = await openid.clientCredentialsGrant(configuration, { scope: 'clients:read' });
    const url = new URL(`${house.api.url}/api/clients/${client.client_id}`);
    const answer = await openid.fetchProtectedResource(configuration, access_token, url, 'GET');
    expect([answer.status, ((await answer.json()) as MadeClient).client_id]).toEqual([200, client.client_id]);
  });

  test('RFC 6750 §3: it reads the challenge of the management API', async () => {
    const configuration = await configure(client, openid.ClientSecretBasic);
    const { access_token } = await openid.clientCredentialsGrant(configuration, {});
    const url = new URL(`${house.api.url}/api/clients`);
    await expect(openid.fetchProtectedResource(configuration, access_token, url, 'GET')).rejects.toMatchObject({
      cause: [{ scheme: 'bearer', parameters: { error: 'invalid_token' } }],
    });
  });

  test('it reads an error of the token endpoint', async () => {
    const configuration = await configure({ ...client, client_secret: 'a wrong secret' }, openid.ClientSecretPost);
    await expect(openid.clientCredentialsGrant(configuration, {})).rejects.toMatchObject({ status: 401 });
  });
});

describe('simple-oauth2', () => {
  const connect = ({ client_id, client_secret }: MadeClient, authorizationMethod: 'header' | 'body') =>
    new ClientCredentials({
      client: { id: client_id, secret: client_secret },
      auth: { tokenHost: house.api.url, tokenPath: '/oauth2/token', revokePath: '/oauth2/revoke' },
      options: { authorizationMethod },
    });

  test.each(['header', 'body'] as const)('by %s: token and revocation', async (method) => {
    for (const [, made] of clients()) {
      const granted = await connect(made, method).getToken({ scope: ['read', 'write'] });
      expect(granted.token).toMatchObject({ token_type: 'Bearer', expires_in: 900, scope: 'read write' });
      expect(granted.expired()).toBe(false);
      expect(await house.isActive(granted.token.access_token)).toBe(true);
      await granted.revoke('access_token');
      expect(await house.isActive(granted.token.access_token)).toBe(false);
    }
  });

  test('it reads errors', async () => {
    const wrong = connect({ ...client, client_secret: 'a wrong secret' }, 'header');
    await expect(wrong.getToken({})).rejects.toMatchObject({
      output: { statusCode: 401 },
      data: { payload: { error: 'invalid_client', error_description: 'Client authentication failed' } },
    });
    await expect(connect(client, 'header').getToken({ scope: 'nonsense' })).rejects.toMatchObject({
      output: { statusCode: 400 },
      data: { payload: { error: 'invalid_scope' } },
    });
  });
});
