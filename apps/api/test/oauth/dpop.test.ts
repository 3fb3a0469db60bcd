import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { claimsOf, House, type MadeClient, raw } from '../support.js';
import { expectOAuthError } from './answers.js';
import {
  assertion,
  type Changes,
  clientWithKeys,
  dpopProof,
  freshNonce,
  inSeconds,
  makeSigner,
  reasonOf,
  type Signer,
  thumbprint,
  withAssertion,
} from './signing.js';

// RFC 9449 and what the FAPI 2.0 profile checks of it, from outside.
const GRANT = { grant_type: 'client_credentials' };
const key = makeSigner();
const stranger = makeSigner();
const rsa = makeSigner('PS256');
let house: House;
let client: MadeClient;
let bound: MadeClient;
let url: string;
let nonce: string;
beforeAll(async () => {
  house = await House.open({ env: { FAILURES_PER_MINUTE: '10000' } });
  url = `${house.api.url}/oauth2/token`;
  client = await house.client();
  bound = await house.client({ dpop_bound_access_tokens: true, grant_types: ['client_credentials', 'refresh_token'] });
  nonce = await freshNonce(house, client);
});
afterAll(() => house.close());

const proof = (changes: Changes = {}, signer = key) => dpopProof(signer, { url, nonce }, changes);
const ask = (dpop: string, of = client, form: Record<string, string> = GRANT) =>
  house.form('token', form, of, { dpop });

describe('a bound token', () => {
  test.each<[string, Signer]>([
    ['ES256', key],
    ['PS256', rsa],
    ['EdDSA', makeSigner('EdDSA')],
  ])('%s: token_type DPoP, cnf.jkt in the token and at introspection', async (_alg, signer) => {
    const answer = await ask(proof({}, signer));
    expect(answer.body).toMatchObject({ token_type: 'DPoP', expires_in: 900, scope: 'read write' });
    const cnf = { jkt: thumbprint(signer) };
    expect(claimsOf(answer.body.access_token).cnf).toEqual(cnf);
    const seen = await house.form('introspect', { token: answer.body.access_token }, client);
    expect(seen.body).toMatchObject({ active: true, token_type: 'DPoP', cnf });
  });

  test('without a proof it is a Bearer token without cnf', async () => {
    const answer = await house.form('token', GRANT, client);
    expect(answer.body.token_type).toBe('Bearer');
    expect(claimsOf(answer.body.access_token)).not.toHaveProperty('cnf');
    const seen = await house.form('introspect', { token: answer.body.access_token }, client);
    expect(seen.body.token_type).toBe('Bearer');
    expect(seen.body).not.toHaveProperty('cnf');
  });

  test('an opaque one is bound as well', async () => {
    const opaque = await house.client({ access_token_format: 'opaque' });
    const { body } = await ask(proof(), opaque);
    const seen = await house.form('introspect', { token: body.access_token }, opaque);
    expect(seen.body).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt: thumbprint(key) } });
  });

  test('private_key_jwt and DPoP together', async () => {
    const signer = makeSigner('ES256', 'own');
    const made = await clientWithKeys(house, [signer], { dpop_bound_access_tokens: true });
    const form = withAssertion(assertion(house.api.url, made.client_id, signer));
    expect((await house.form('token', form, null, { dpop: proof() })).body.token_type).toBe('DPoP');
  });

  test('the metadata names the algorithms', async () => {
    const { body } = await house.manage('/.well-known/oauth-authorization-server');
    expect(body.dpop_signing_alg_values_supported).toEqual(['ES256', 'PS256', 'EdDSA', 'Ed25519']);
  });
});

describe('RFC 9449 §8: nonces', () => {
  test('a proof without one is told a nonce; with it, it holds; the next one comes along', async () => {
    const without = await ask(proof({ claims: { nonce: undefined } }));
    expectOAuthError(without, 400, 'use_dpop_nonce');
    const given = without.headers.get('dpop-nonce') ?? '';
    expect(given).toMatch(/^[A-Za-z0-9_-]{20,}$/);
    const answer = await ask(proof({ claims: { nonce: given } }));
    expect([answer.status, answer.headers.get('dpop-nonce')]).toEqual([200, given]);
  });

  test.each<[string, unknown]>([
    ['made up', 'A'.repeat(30)],
    ['empty', ''],
    ['a number', 7],
    ['padded', 'padded'],
  ])('one that is %s is answered with a fresh one', async (what, value) => {
    const answer = await ask(proof({ claims: { nonce: what === 'padded' ? `${nonce}=` : value } }));
    expectOAuthError(answer, 400, 'use_dpop_nonce');
    expect(answer.headers.get('dpop-nonce')).toBe(nonce);
  });

  test('who did not send a proof gets no nonce', async () => {
    expect((await house.form('token', GRANT, client)).headers.get('dpop-nonce')).toBeNull();
  });

  test('DPOP_NONCE=optional asks for none, but takes no wrong one', async () => {
    const lax = await house.beside({ DPOP_NONCE: 'optional' });
    try {
      const send = (dpop: string) => lax.form('token', GRANT, client, { dpop });
      expect((await send(proof({ claims: { nonce: undefined } }))).status).toBe(200);
      expect((await send(proof())).status).toBe(200);
      expectOAuthError(await send(proof({ claims: { nonce: 'made up' } })), 400, 'use_dpop_nonce');
    } finally {
      await lax.close();
    }
  });
});

describe('FAPI 2.0: proofs that hold', () => {
  test.each<[string, () => Changes]>([
    ['iat 10 s ago', () => ({ claims: { iat: inSeconds(-10) } })],
    ['iat 10 s ahead', () => ({ claims: { iat: inSeconds(10) } })],
    ['nbf now and exp in a minute', () => ({ claims: { nbf: inSeconds(0), exp: inSeconds(60) } })],
    ['htu with query and fragment', () => ({ claims: { htu: `${url}?a=b#c` } })],
    ['htu with scheme and host in another case', () => ({ claims: { htu: url.replace('http:', 'HTTP:') } })],
    ['claims nobody knows', () => ({ claims: { ath: 'unasked', nested: { a: 1 } } })],
  ])('%s', async (_what, changes) => {
    expect((await ask(proof(changes()))).body.token_type).toBe('DPoP');
  });
});

describe('FAPI 2.0, RFC 9449 §4.3: proofs that do not hold', () => {
  const weak = () => generateKeyPairSync('rsa', { modulusLength: 1_024 });
  const p384 = () => generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const jwkOf = (pair: { publicKey: Signer['publicKey'] }) => pair.publicKey.export({ format: 'jwk' });
  const refused: [string, () => string, string][] = [
    ['no JWT', () => 'proof', 'malformed'],
    ['empty', () => ' ', 'malformed'],
    ['five parts', () => 'a.b.c.d.e', 'malformed'],
    ['a comma', () => `${proof()},`, 'several_proofs'],
    ['two in one header', () => `${proof()}, ${proof()}`, 'several_proofs'],
    ['no typ', () => proof({ header: { typ: undefined } }), 'wrong_type'],
    ['typ JWT', () => proof({ header: { typ: 'JWT' } }), 'wrong_type'],
    ['typ at+jwt', () => proof({ header: { typ: 'at+jwt' } }), 'wrong_type'],
    [
      'alg none',
      () =>
        `${proof({ header: { alg: 'none' } })
          .split('.')
          .slice(0, 2)
          .join('.')}.`,
      'wrong_algorithm',
    ],
    ['alg HS256', () => proof({ header: { alg: 'HS256' } }), 'wrong_algorithm'],
    ['alg RS256', () => proof({ header: { alg: 'RS256' }, signer: { ...rsa, alg: 'RS256' } }, rsa), 'wrong_algorithm'],
    ['no alg', () => proof({ header: { alg: undefined } }), 'wrong_algorithm'],
    ['alg of another kind of key', () => proof({ header: { alg: 'PS256' } }), 'wrong_algorithm'],
    ['no jwk', () => proof({ header: { jwk: undefined } }), 'invalid_key'],
    ['a private key', () => proof({ header: { jwk: key.privateKey.export({ format: 'jwk' }) } }), 'invalid_key'],
    ['a symmetric key', () => proof({ header: { jwk: { kty: 'oct', k: 'AAAA' } } }), 'invalid_key'],
    ['an RSA key of 1024 bits', () => proof({ header: { alg: 'PS256', jwk: jwkOf(weak()) } }), 'invalid_key'],
    ['a key on P-384', () => proof({ header: { jwk: jwkOf(p384()) } }), 'invalid_key'],
    ["a stranger's signature", () => proof({ signer: stranger }), 'bad_signature'],
    ['another payload', () => proof().replace(/\.[^.]+\./, `.${proof().split('.')[1]}.`), 'bad_signature'],
    ['no htm', () => proof({ claims: { htm: undefined } }), 'wrong_method'],
    ['htm GET', () => proof({ claims: { htm: 'GET' } }), 'wrong_method'],
    ['htm in lower case', () => proof({ claims: { htm: 'post' } }), 'wrong_method'],
    ['no htu', () => proof({ claims: { htu: undefined } }), 'wrong_url'],
    ['htu another endpoint', () => proof({ claims: { htu: url.replace('token', 'revoke') } }), 'wrong_url'],
    ['htu another host', () => proof({ claims: { htu: 'https://other.example/oauth2/token' } }), 'wrong_url'],
    ['htu with a slash', () => proof({ claims: { htu: `${url}/` } }), 'wrong_url'],
    ['htu without scheme', () => proof({ claims: { htu: '/oauth2/token' } }), 'wrong_url'],
    ['no iat', () => proof({ claims: { iat: undefined } }), 'invalid_time'],
    ['iat a text', () => proof({ claims: { iat: String(inSeconds(0)) } }), 'invalid_time'],
    ['iat an hour ago', () => proof({ claims: { iat: inSeconds(-3_600) } }), 'too_old'],
    ['iat an hour ahead', () => proof({ claims: { iat: inSeconds(3_600) } }), 'not_yet_valid'],
    ['nbf an hour ahead', () => proof({ claims: { nbf: inSeconds(3_600) } }), 'not_yet_valid'],
    ['exp an hour ago', () => proof({ claims: { exp: inSeconds(-3_600) } }), 'expired'],
    ['no jti', () => proof({ claims: { jti: undefined } }), 'invalid_jti'],
    ['an empty jti', () => proof({ claims: { jti: '' } }), 'invalid_jti'],
    ['a jti without end', () => proof({ claims: { jti: 'x'.repeat(300) } }), 'invalid_jti'],
  ];
  test.each(refused)('%s', async (_what, text, code) => {
    for (const one of [client, bound]) {
      const answer = await ask(text(), one);
      expectOAuthError(answer, 400, 'invalid_dpop_proof');
      expect((await reasonOf(house, answer)).code).toBe(`dpop_${code}`);
    }
  });

  test('two DPoP headers, each of which would hold', async () => {
    const { client_id, client_secret } = client;
    const body = new URLSearchParams({ ...GRANT, client_id, client_secret }).toString();
    const head = ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${body.length}`];
    const send = (...proofs: string[]) =>
      raw(house.api.url, ['POST /oauth2/token HTTP/1.1', ...head, ...proofs.map((one) => `DPoP: ${one}`)], body);
    expectOAuthError(await send(proof(), proof()), 400, 'invalid_dpop_proof');
    expect((await send(proof())).status).toBe(200);
  });
});

describe('who must show a proof', () => {
  test('a client registered for bound tokens; nothing is issued without', async () => {
    const answer = await house.form('token', GRANT, bound);
    expectOAuthError(answer, 400, 'invalid_dpop_proof');
    expect((await reasonOf(house, answer)).code).toBe('dpop_missing');
    expect((await ask(proof(), bound)).body.token_type).toBe('DPoP');
  });

  test('any client, for a resource that requires it; for another resource not', async () => {
    const scope = { name: 'vault:open', description: 'Open the vault' };
    const resource = { identifier: 'https://vault.example', name: 'Vault', scopes: [scope], dpop_required: true };
    expect((await house.manage('/api/resources', { body: resource })).status).toBe(201);
    const made = await house.client({ scopes: ['read', 'vault:open'] });
    for (const scopes of ['vault:open', 'read vault:open']) {
      expectOAuthError(await house.form('token', { ...GRANT, scope: scopes }, made), 400, 'invalid_dpop_proof');
      expect((await ask(proof(), made, { ...GRANT, scope: scopes })).body.token_type).toBe('DPoP');
    }
    expect((await house.form('token', { ...GRANT, scope: 'read' }, made)).body.token_type).toBe('Bearer');
  });

  test('refreshing: without or with a bad proof the refresh token is not used up', async () => {
    const first = (await ask(proof(), bound)).body;
    const refresh = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
    expectOAuthError(await house.form('token', refresh, bound), 400, 'invalid_dpop_proof');
    expectOAuthError(await ask(proof({ claims: { htm: 'GET' } }), bound, refresh), 400, 'invalid_dpop_proof');
    expect(await house.sql('SELECT count(*)::int AS used FROM refresh_token WHERE used_at IS NOT NULL')).toEqual([
      { used: 0 },
    ]);
    const second = await ask(proof({}, stranger), bound, refresh);
    // A confidential client's refresh token is bound to the client, not to the proof's key (RFC 9449 §5).
    expect(second.body.token_type).toBe('DPoP');
    expect(claimsOf(second.body.access_token).cnf).toEqual({ jkt: thumbprint(stranger) });
  });
});
