import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { House, type MadeClient } from '../support.js';
import { expectNotStored, expectOAuthError } from './answers.js';

const GRANT = { grant_type: 'client_credentials' };
const DEFAULT = 'urn:bastionary:default';
const MANAGEMENT = 'urn:bastionary:management';
let house: House;
let client: MadeClient;
let wide: MadeClient;
beforeAll(async () => {
  house = await House.open();
  client = await house.client();
  wide = await house.client({ scopes: ['read', 'clients:read', 'write'] });
});
afterAll(() => house.close());

const ask = (parameters: Record<string, string> | string = GRANT, by = client) => house.form('token', parameters, by);

describe('RFC 6749 §5.2: grant_type', () => {
  test.each([{}, { grant_type: '' }, { scope: 'read' }])('missing is invalid_request: %o', async (parameters) => {
    expectOAuthError(await ask(parameters as Record<string, string>), 400, 'invalid_request');
  });

  test.each([
    'password',
    'authorization_code',
    'implicit',
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
    'CLIENT_CREDENTIALS',
    'client_credentials refresh_token',
    ' client_credentials',
    '__proto__',
    'constructor',
  ])('%s is unsupported_grant_type', async (grant_type) => {
    const form = { grant_type, username: 'u', password: 'p', code: 'c', refresh_token: 'r', assertion: 'a' };
    expectOAuthError(await ask(form), 400, 'unsupported_grant_type');
  });
});

describe('RFC 6749 §3.3: scope', () => {
  test.each([
    ['read write', 'read write'],
    ['write read', 'write read'],
    ['write', 'write'],
    ['read read', 'read'],
  ])('"%s" is granted as "%s"', async (scope, granted) => {
    const { status, body } = await ask({ ...GRANT, scope });
    expect([status, body.scope, decodeJwt(body.access_token).scope]).toEqual([200, granted, granted]);
  });

  test('omitted: every registered scope is granted, and said', async () => {
    const { body } = await ask();
    expect([body.scope, decodeJwt(body.access_token).scope]).toEqual(['read write', 'read write']);
  });

  test.each([
    ['one that is not registered', 'clients:read'],
    ['a registered and another one', 'read clients:write'],
    ['one that does not exist', 'nonsense'],
    ['another case', 'READ'],
    ['a quote', 'read"'],
    ['a backslash', 'read\\'],
    ['a tab', 'read\twrite'],
    ['two spaces', 'read  write'],
    ['a space at the end', 'read '],
    ['a space only', ' '],
    ['a newline', 'read\nwrite'],
    ['non-ASCII', 'r\u00e9ad'],
    ['a comma', 'read,write'],
  ])('%s refuses the whole request: invalid_scope', async (_what, scope) => {
    expectOAuthError(await ask({ ...GRANT, scope }), 400, 'invalid_scope');
  });

  test('N16: a scope taken from the client is gone from the next token on', async () => {
    const made = await house.client();
    await house.accessToken(made, 'write');
    await house.manage(`/api/clients/${made.client_id}`, { method: 'PATCH', body: { scopes: ['read'] } });
    expectOAuthError(await ask({ ...GRANT, scope: 'write' }, made), 400, 'invalid_scope');
    expect((await ask(GRANT, made)).body.scope).toBe('read');
  });
});

describe('RFC 8707 §2: resource', () => {
  const audience = async (parameters: string, by = wide) => {
    const { status, body } = await ask(`grant_type=client_credentials&${parameters}`, by);
    return status === 200
      ? { scope: body.scope, aud: decodeJwt(body.access_token).aud }
      : { status, error: body.error };
  };

  test('without it the audience is that of the scopes, never "any"', async () => {
    expect(await audience('', client)).toEqual({ scope: 'read write', aud: DEFAULT });
    expect(await audience('scope=clients:read')).toEqual({ scope: 'clients:read', aud: MANAGEMENT });
    expect(await audience('')).toEqual({ scope: 'read clients:read write', aud: [DEFAULT, MANAGEMENT] });
  });

  test('the token is for what was asked, with the scopes of that only', async () => {
    expect(await audience(`resource=${DEFAULT}`)).toEqual({ scope: 'read write', aud: DEFAULT });
    expect(await audience(`resource=${MANAGEMENT}`)).toEqual({ scope: 'clients:read', aud: MANAGEMENT });
    expect(await audience(`resource=${MANAGEMENT}&resource=${DEFAULT}&scope=read`)).toEqual({
      scope: 'read',
      aud: DEFAULT,
    });
  });

  test.each([
    ['unknown', 'resource=urn:nobody'],
    ['known, but nothing of this client', `resource=${MANAGEMENT}`],
    ['relative', 'resource=/api'],
    ['no URI', 'resource=default'],
    ['with a fragment', `resource=${DEFAULT}%23x`],
    ['one of two unknown', `resource=${DEFAULT}&resource=urn:nobody`],
    ['another case', `resource=${DEFAULT.toUpperCase()}`],
    ['the issuer', 'resource=http://127.0.0.1'],
  ])('%s: invalid_target', async (_what, parameters) => {
    expectOAuthError(await ask(`grant_type=client_credentials&${parameters}`), 400, 'invalid_target');
  });

  test('a scope of another resource is invalid_scope', async () => {
    expect(await audience(`resource=${DEFAULT}&scope=clients:read`)).toEqual({ status: 400, error: 'invalid_scope' });
  });
});

describe('RFC 6749 §5.1: the answer', () => {
  test('has exactly access_token, token_type, expires_in and scope, as JSON that is not stored', async () => {
    const answer = await ask({ ...GRANT, scope: 'read' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expectNotStored(answer);
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]{86}$/),
      token_type: 'Bearer',
      expires_in: 900,
      scope: 'read',
    });
  });

  test('RFC 6749 §4.4.3: there is no refresh token', async () => {
    for (const scope of ['read', 'offline_access']) {
      expect(Object.keys((await ask({ ...GRANT, scope })).body)).not.toContain('refresh_token');
    }
  });

  test('issuing writes nothing: no row, no record, whatever is asked', async () => {
    const before = await house.written();
    for (let count = 0; count < 5; count++) await house.accessToken(client);
    await ask({ ...GRANT, scope: 'nonsense' });
    expect(await house.written()).toEqual(before);
  });
});

describe('RFC 9068: the token', () => {
  test('§2.1, §2.2: header and claims, verified by the published keys alone', async () => {
    const jwks = await house.manage('/.well-known/jwks.json', { token: '' });
    const token = await house.accessToken(client, 'write read');
    const { protectedHeader, payload } = await jwtVerify(token, createLocalJWKSet(jwks.body), {
      issuer: house.api.url,
      audience: DEFAULT,
      typ: 'at+jwt',
      algorithms: ['ES256'],
    });
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: jwks.body.keys[0].kid });
    expect(payload).toEqual({
      iss: house.api.url,
      exp: (payload.iat ?? 0) + 900,
      aud: DEFAULT,
      sub: client.client_id,
      client_id: client.client_id,
      iat: expect.any(Number),
      jti: expect.stringMatching(/^[\w-]{22}$/),
      scope: 'write read',
      cred: expect.stringMatching(/^crd_\w{26}$/),
    });
    expect(Math.abs((payload.iat ?? 0) - Date.now() / 1_000)).toBeLessThan(60);
  });

  test('no two tokens are alike, even within a second', async () => {
    const tokens = await Promise.all(Array.from({ length: 300 }, () => house.accessToken(client)));
    expect(new Set(tokens.map((token) => decodeJwt(token).jti)).size).toBe(300);
  });

  test('nothing in a request changes a claim', async () => {
    const claims = {
      sub: 'admin',
      aud: MANAGEMENT,
      iss: 'evil',
      exp: '9999999999',
      alg: 'none',
      kid: 'x',
      client: 'admin',
    };
    const { body } = await ask({ ...GRANT, ...claims });
    expect(decodeJwt(body.access_token)).toMatchObject({ sub: client.client_id, aud: DEFAULT, iss: house.api.url });
    expect(decodeProtectedHeader(body.access_token).alg).toBe('ES256');
  });

  test('it never outlives its client, and says so in expires_in', async () => {
    const expiry = new Date(Math.floor(Date.now() / 1_000) * 1_000 + 90_000);
    const made = await house.client({ expiry: expiry.toISOString() });
    const { body } = await ask(GRANT, made);
    const { iat = 0, exp = 0 } = decodeJwt(body.access_token);
    expect(exp * 1_000).toBe(expiry.getTime());
    expect(body.expires_in).toBe(exp - iat);
    expect(body.expires_in).toBeLessThanOrEqual(90);
  });

  test('a client at its expiry gets none', async () => {
    const made = await house.client({ expiry: new Date(Date.now() - 1).toISOString() });
    expectOAuthError(await ask(GRANT, made), 401, 'invalid_client');
  });
});

describe('RFC 6749 §5.2: what an error says', () => {
  test('N56: no error repeats a secret, a token or a query', async () => {
    const canary = 'CANARY-0123456789-CANARY';
    const requests = [
      house.form('token', { ...GRANT, scope: canary }, client),
      house.form('token', { ...GRANT, resource: canary }, client),
      house.form('token', { grant_type: canary }, client),
      house.form('token', GRANT, { client_id: canary, client_secret: canary }),
      house.form('token', { ...GRANT, client_id: canary, client_secret: canary }),
      house.form('token', { ...GRANT, client_assertion: canary }),
      house.form('token', `${GRANT}&${canary}=1&${canary}=2`, client),
      house.form('introspect', { token_type_hint: canary }, client),
      house.form('revoke', { token_type_hint: canary }, client),
    ];
    for (const answer of await Promise.all(requests)) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(JSON.stringify([answer.body, [...answer.headers]])).not.toContain(canary);
    }
  });
});

describe('RFC 9700 §4.15: a client cannot pass for something else', () => {
  test.each(['opr_01m831bh2nfc6tnvv26rywamqg', 'cli_01m831bh2nfc6tnvv26rywamqg', 'a:b', 'a b', 'a/b', 'é', 'a\u0000'])(
    'the client id %j is refused',
    async (client_id) => {
      const before = await house.written();
      const answer = await house.manage('/api/clients', { body: { client_id, scopes: ['read'] } });
      expect([answer.status, answer.body.errors[0].path]).toEqual([422, '/client_id']);
      expect(await house.written()).toEqual(before);
    },
  );
});
