import { startApi } from '@bastionary/testing/api-process';
import { json } from '@bastionary/testing/http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { calculateJwkThumbprint } from 'jose';
import { House, raw } from '../support.js';
import { expectOAuthError } from './answers.js';

let house: House;
beforeAll(async () => {
  house = await House.open();
});
afterAll(() => house.close());

const get = (path: string) => json(`${house.api.url}${path}`);
const DOCUMENTS = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];

describe('RFC 8414: authorization server metadata', () => {
  test('§2: what this installation can do, and nothing it cannot', async () => {
    const answer = await get('/.well-known/oauth-authorization-server');
    const { url } = house.api;
    const methods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'];
    const algorithms = ['ES256', 'PS256', 'EdDSA', 'Ed25519'];
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(answer.body).toEqual({
      issuer: url,
      token_endpoint: `${url}/oauth2/token`,
      token_endpoint_auth_methods_supported: methods,
      introspection_endpoint: `${url}/oauth2/introspect`,
      introspection_endpoint_auth_methods_supported: methods,
      revocation_endpoint: `${url}/oauth2/revoke`,
      revocation_endpoint_auth_methods_supported: methods,
      jwks_uri: `${url}/.well-known/jwks.json`,
      token_endpoint_auth_signing_alg_values_supported: algorithms,
      introspection_endpoint_auth_signing_alg_values_supported: algorithms,
      revocation_endpoint_auth_signing_alg_values_supported: algorithms,
      dpop_signing_alg_values_supported: algorithms,
      grant_types_supported: ['client_credentials', 'refresh_token'],
      response_types_supported: [],
      scopes_supported: expect.arrayContaining(['read', 'write', 'clients:read', 'clients:write']),
      service_documentation: `${url}/docs`,
    });
  });

  test('§5: the same document where OpenID clients look', async () => {
    const [oauth, openid] = await Promise.all(DOCUMENTS.map(get));
    expect(openid?.body).toEqual(oauth?.body);
  });

  test('every endpoint it names is there', async () => {
    const { body } = await get('/.well-known/oauth-authorization-server');
    for (const name of ['token_endpoint', 'introspection_endpoint', 'revocation_endpoint']) {
      expectOAuthError(await json(body[name], { body: new URLSearchParams({ token: 'x' }) }), 401, 'invalid_client');
    }
    for (const name of ['jwks_uri', 'service_documentation']) {
      expect((await fetch(body[name])).status).toBe(200);
    }
  });

  test('every grant type it names is taken, every scope can be registered', async () => {
    const { body } = await get('/.well-known/oauth-authorization-server');
    const client = await house.client({ scopes: body.scopes_supported, grant_types: body.grant_types_supported });
    const first = await house.form('token', { grant_type: 'client_credentials' }, client);
    expect(first.status).toBe(200);
    const { refresh_token } = first.body;
    expect((await house.form('token', { grant_type: 'refresh_token', refresh_token }, client)).status).toBe(200);
  });

  test.each(DOCUMENTS)('N30: no header moves the issuer in %s', async (path) => {
    const answer = await raw(house.api.url, [
      `GET ${path} HTTP/1.1`,
      'X-Forwarded-Host: evil.example',
      'X-Forwarded-Proto: https',
      'Forwarded: host=evil.example;proto=https',
    ]);
    expect(JSON.parse(answer.body).issuer).toBe(house.api.url);
    expect(answer.body).not.toContain('evil.example');
  });

  test('it may be kept for minutes, not for days', async () => {
    for (const path of [...DOCUMENTS, '/.well-known/jwks.json']) {
      expect((await get(path)).headers.get('cache-control')).toBe('public, max-age=300');
    }
  });
});

describe('RFC 7517: the key set', () => {
  test('has public members only, and each key under an id of its own', async () => {
    const { body } = await get('/.well-known/jwks.json');
    expect(Object.keys(body)).toEqual(['keys']);
    expect(body.keys.length).toBeGreaterThan(0);
    for (const key of body.keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
      expect(key).toMatchObject({ alg: 'ES256', crv: 'P-256', kty: 'EC', use: 'sig' });
      expect(key.kid).toBe(await calculateJwkThumbprint(key));
    }
    expect(new Set(body.keys.map(({ kid }: { kid: string }) => kid)).size).toBe(body.keys.length);
  });

  test('stands under a tag, by which a copy is still good (RFC 9110 §13.1.2)', async () => {
    const path = `${house.api.url}/.well-known/jwks.json`;
    const etag = (await get('/.well-known/jwks.json')).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const answer = await json(path, { headers: { 'if-none-match': known } });
      expect([answer.status, answer.body, answer.headers.get('etag')]).toEqual([304, null, etag]);
      expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    }
    expect((await json(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  test('GET /api/signing-keys shows the same keys: one that signs, one to follow, and no private part', async () => {
    const [published, managed] = [await get('/.well-known/jwks.json'), await house.manage('/api/signing-keys')];
    const [active, next] = published.body.keys;
    const made = managed.body.data[1].created_at;
    const due = new Date(Date.parse(made) + 90 * 86_400_000).toISOString().replace('.000Z', 'Z');
    const common = { alg: 'ES256', created_at: made, published_at: made, retiring_at: null, retired_at: null };
    expect(made).toMatch(/Z$/);
    expect(managed.body).toEqual({
      data: [
        {
          ...common,
          kid: next.kid,
          state: 'next',
          activated_at: null,
          next_change: { step: 'promote', at: due },
          public_jwk: next,
        },
        {
          ...common,
          kid: active.kid,
          state: 'active',
          activated_at: made,
          next_change: { step: 'replace', at: due },
          public_jwk: active,
        },
      ],
    });
    expect(JSON.stringify(managed.body)).not.toMatch(/"d"|private|sealed/);
  });

  test('the private part is sealed in the database', async () => {
    const [row] = await house.sql('SELECT private_sealed FROM signing_key');
    expect(row.private_sealed).toMatch(/^v1\.k1\.[\w-]+\.[\w-]+$/);
  });

  test('an api without a key to sign with does not start, and says why', async () => {
    await house.sql(`UPDATE signing_key SET state = 'retiring' WHERE state = 'active'`);
    try {
      const { databaseUrl, dataDir } = house.api;
      await expect(startApi({ databaseUrl, dataDir, firstRun: false })).rejects.toThrow(
        'there is no active signing key',
      );
    } finally {
      await house.sql(`UPDATE signing_key SET state = 'active' WHERE state = 'retiring'`);
    }
  });
});
