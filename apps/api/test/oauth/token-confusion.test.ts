import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, type MadeClient } from '../support.js';
import { expectOAuthError } from './answers.js';
import { type OwnKey, ownKey, partsOf } from './own-key.js';
import { assertion, clientWithKeys, dpopProof, freshNonce, makeSigner, withAssertion } from './signing.js';

// N12: every kind of token at every place that takes one. At its own place it works, everywhere else it is nothing.
const GRANT = { grant_type: 'client_credentials' };
const signer = makeSigner('ES256', 'key');
const proofKey = makeSigner();
const KINDS = [
  'a JWT access token',
  'an opaque access token',
  'a bound access token',
  'a refresh token',
  'a client secret',
  'a client assertion',
  'a DPoP proof',
  'an id token of our own key',
  'an assertion of our own key',
  "a stranger's access token",
  'garbage',
] as const;
type Kind = (typeof KINDS)[number];

let house: House;
let client: MadeClient;
let keyed: MadeClient;
let own: OwnKey;
let nonce: string;
beforeAll(async () => {
  house = await House.open();
  const grant_types = ['client_credentials', 'refresh_token'];
  client = await house.client({ grant_types, scopes: ['clients:read'] });
  keyed = await clientWithKeys(house, [signer], { scopes: ['clients:read'] });
  own = await ownKey(house);
  nonce = await freshNonce(house, client);
});
afterAll(() => house.close());

const url = (path: string) => `${house.api.url}${path}`;
const proof = (method: string, path: string, accessToken?: string) =>
  dpopProof(proofKey, { method, url: url(path), nonce, ...(accessToken !== undefined && { accessToken }) });
const granted = async (of: MadeClient, dpop?: string) =>
  (await house.form('token', GRANT, of, dpop === undefined ? {} : { dpop })).body;

/** Each is good and fresh at its own place. */
async function make(kind: Kind): Promise<string> {
  const jwt = await house.accessToken(client);
  const { header, claims } = partsOf(jwt);
  switch (kind) {
    case 'a JWT access token':
      return jwt;
    case 'an opaque access token':
      return house.accessToken(await house.client({ access_token_format: 'opaque', scopes: ['clients:read'] }));
    case 'a bound access token':
      return (await granted(client, proof('POST', '/oauth2/token'))).access_token;
    case 'a refresh token':
      return (await granted(client)).refresh_token;
    case 'a client secret':
      return client.client_secret;
    case 'a client assertion':
      return assertion(house.api.url, keyed.client_id, signer);
    case 'a DPoP proof':
      return proof('GET', '/api/clients', jwt);
    case 'an id token of our own key':
      return own.sign({ ...header, typ: 'JWT' }, { ...claims, aud: client.client_id });
    case 'an assertion of our own key':
      return own.sign(
        { ...header, typ: 'JWT' },
        { ...claims, iss: keyed.client_id, sub: keyed.client_id, aud: house.api.url },
      );
    case "a stranger's access token":
      return assertion(house.api.url, client.client_id, signer, { header, claims });
    case 'garbage':
      return 'garbage';
  }
}

/** What a place makes of a text: whether it took it for what it wants. */
const places: Record<string, { takes: readonly Kind[]; tried: (text: string) => Promise<boolean> }> = {
  'token of introspection': {
    takes: ['a JWT access token', 'an opaque access token', 'a bound access token'],
    async tried(token) {
      const { client_id, client_secret } = house.api.admin;
      const { status, body } = await house.form('introspect', { token }, { client_id, client_secret });
      expect(status).toBe(200);
      if (!body.active) expect(body).toEqual({ active: false });
      return body.active;
    },
  },
  'Bearer at the management API': {
    takes: ['a JWT access token', 'an opaque access token'],
    async tried(token) {
      const { status } = await house.manage('/api/clients', { token });
      expect([200, 401]).toContain(status);
      return status === 200;
    },
  },
  'DPoP at the management API': {
    takes: ['a bound access token'],
    async tried(token) {
      const headers = { authorization: `DPoP ${token}`, dpop: proof('GET', '/api/clients', token) };
      const { status } = await house.manage('/api/clients', { token: '', headers });
      expect([200, 401]).toContain(status);
      return status === 200;
    },
  },
  'refresh_token of a refresh': {
    takes: ['a refresh token'],
    async tried(refresh_token) {
      const answer = await house.form('token', { grant_type: 'refresh_token', refresh_token }, client);
      if (answer.status !== 200) expectOAuthError(answer, 400, 'invalid_grant');
      return answer.status === 200;
    },
  },
  client_assertion: {
    takes: ['a client assertion'],
    async tried(text) {
      const answer = await house.form('token', withAssertion(text));
      if (answer.status !== 200) expectOAuthError(answer, 401, 'invalid_client');
      return answer.status === 200;
    },
  },
  'client_secret of a client': {
    takes: ['a client secret'],
    async tried(client_secret) {
      const answer = await house.form('token', { ...GRANT, client_id: client.client_id, client_secret });
      if (answer.status !== 200) expectOAuthError(answer, 401, 'invalid_client');
      return answer.status === 200;
    },
  },
  // The one proof among the kinds is made for the management API.
  'DPoP header of a token request': {
    takes: [],
    async tried(dpop) {
      const answer = await house.form('token', GRANT, client, { dpop });
      if (answer.status !== 200) expectOAuthError(answer, 400, 'invalid_dpop_proof');
      return answer.status === 200;
    },
  },
};

describe.each(Object.keys(places))('N12: as %s', (name) => {
  test.each(KINDS)('%s', async (kind) => {
    const { takes, tried } = places[name] as (typeof places)[string];
    expect(await tried(await make(kind))).toBe((takes as readonly string[]).includes(kind));
  });
});

describe('N12: as token of a revocation', () => {
  test.each(KINDS)('%s: the answer is 200 and tells nothing; only what is a token dies', async (kind) => {
    const token = await make(kind);
    const bystander = await house.accessToken(client);
    const answer = await house.form('revoke', { token }, client);
    expect([answer.status, answer.body]).toEqual([200, null]);
    expect(await house.isActive(bystander)).toBe(true);
    expect((await house.form('token', GRANT, client)).status).toBe(200);
    const mine = ['a JWT access token', 'a bound access token'].includes(kind);
    if (mine) expect(await house.isActive(token)).toBe(false);
    if (kind === 'an opaque access token') expect(await house.isActive(token)).toBe(true);
  });
});

describe('RFC 9068 §4: a token of our own key that says something else', () => {
  const claimsNow = async () => partsOf(await house.accessToken(client));
  type Forge = (parts: Awaited<ReturnType<typeof claimsNow>>) => [object, object];
  const forged: [string, Forge][] = [
    ['typ JWT', ({ header, claims }) => [{ ...header, typ: 'JWT' }, claims]],
    ['no typ', ({ header, claims }) => [{ ...header, typ: undefined }, claims]],
    ['typ in another case', ({ header, claims }) => [{ ...header, typ: 'AT+JWT' }, claims]],
    ['another issuer', ({ header, claims }) => [header, { ...claims, iss: 'https://other.example' }]],
    ['no kid', ({ header, claims }) => [{ ...header, kid: undefined }, claims]],
    ['N05: crit', ({ header, claims }) => [{ ...header, crit: ['exp'] }, claims]],
    ['N05: b64', ({ header, claims }) => [{ ...header, crit: ['b64'], b64: false }, claims]],
    ['N05: zip', ({ header, claims }) => [{ ...header, zip: 'DEF' }, claims]],
    ...['exp', 'iat', 'jti', 'scope', 'client_id', 'sub', 'aud', 'iss'].map((name): [string, Forge] => [
      `N09: no ${name}`,
      ({ header, claims }) => [header, { ...claims, [name]: undefined }],
    ]),
    ...([null, '9999999999', 1e10 + 0.5, -1, 0, [9_999_999_999], true] as unknown[]).map((exp): [string, Forge] => [
      `N09: exp ${JSON.stringify(exp)}`,
      ({ header, claims }) => [header, { ...claims, exp }],
    ]),
    [
      'N14: a client that never was',
      ({ header, claims }) => [header, { ...claims, client_id: 'nobody', sub: 'nobody' }],
    ],
  ];
  test.each(forged)('%s', async (_what, forge) => {
    const token = own.sign(...forge(await claimsNow()));
    expect((await house.manage('/api/clients', { token })).status).toBe(401);
    expect(await house.isActive(token)).toBe(false);
  });

  test('unchanged it is one: the forgeries above fail for what they say', async () => {
    const { header, claims } = await claimsNow();
    expect((await house.manage('/api/clients', { token: own.sign(header, claims) })).status).toBe(200);
  });

  test.each<[string, unknown, number]>([
    ['another audience', 'urn:bastionary:default', 401],
    ['a beginning of it', 'urn:bastionary:', 401],
    ['one that begins with it', 'urn:bastionary:managementx', 401],
    ['another case', 'URN:BASTIONARY:MANAGEMENT', 401],
    ['a list without it', ['urn:a', 'urn:b'], 401],
    ['all in one text', 'urn:a urn:bastionary:management', 401],
    ['an empty list', [], 401],
  ])('N07: %s at the management API', async (_what, aud, status) => {
    const { header, claims } = await claimsNow();
    expect((await house.manage('/api/clients', { token: own.sign(header, { ...claims, aud }) })).status).toBe(status);
  });
});
