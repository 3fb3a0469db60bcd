import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, type MadeClient } from '../support.js';
import { expectOAuthError } from './answers.js';
import {
  ASSERTION_TYPE,
  assertion,
  type Changes,
  clientWithKeys,
  inSeconds,
  makeSigner,
  outside,
  reasonOf,
  type Signer,
  signed,
  withAssertion,
} from './signing.js';

// RFC 7523 under RFC 10070, from outside; its rules are tested one by one in packages/oauth.
const ES256 = makeSigner('ES256', 'es');
const PS256 = makeSigner('PS256', 'ps');
const EDDSA = makeSigner('EdDSA');
const stranger = makeSigner('ES256', 'stranger');
const signers: [string, Signer][] = [
  ['ES256', ES256],
  ['PS256', PS256],
  ['EdDSA', EDDSA],
];

let house: House;
let client: MadeClient;
let issuer: string;
beforeAll(async () => {
  house = await House.open({ env: { FAILURES_PER_MINUTE: '10000' } });
  issuer = house.api.url;
  client = await clientWithKeys(house, [ES256, PS256, EDDSA]);
});
afterAll(() => house.close());

const ask = (text: string, parameters: Record<string, string> = {}) =>
  house.form('token', withAssertion(text, parameters));
const make = (changes: Changes = {}, signer = ES256) => assertion(issuer, client.client_id, signer, changes);
const change = (of: MadeClient, body: Record<string, unknown>) =>
  house.manage(`/api/clients/${of.client_id}`, { method: 'PATCH', body });

describe('what is accepted', () => {
  test('the client has no secret, and its keys stand in jwks', async () => {
    expect(client).not.toHaveProperty('client_secret');
    const { body } = await house.manage(`/api/clients/${client.client_id}`);
    expect(body).toMatchObject({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri: null, warnings: [] });
    expect(body.jwks.keys).toHaveLength(3);
    expect(body.jwks.keys).toEqual(
      expect.arrayContaining([ES256.jwk, PS256.jwk, EDDSA.jwk].map(expect.objectContaining)),
    );
    expect(body.credentials.map(({ kind, kid }: { kind: string; kid: string | null }) => [kind, kid])).toEqual([
      ['public_key', 'es'],
      ['public_key', 'ps'],
      ['public_key', null],
    ]);
  });

  test.each(signers)(
    '%s: a token, introspection and revocation, each by an assertion of its own',
    async (_alg, signer) => {
      const granted = await ask(make({}, signer), { scope: 'read', client_id: client.client_id });
      expect([granted.status, Object.keys(granted.body)]).toEqual([
        200,
        ['access_token', 'token_type', 'expires_in', 'scope'],
      ]);
      const token = granted.body.access_token;
      const seen = await house.form('introspect', withAssertion(make({}, signer), { token }));
      expect(seen.body).toMatchObject({
        active: true,
        client_id: client.client_id,
        sub: client.client_id,
        scope: 'read',
      });
      const revoked = await house.form('revoke', withAssertion(make({}, signer), { token }));
      expect([revoked.status, revoked.body]).toEqual([200, null]);
      const after = await house.form('introspect', withAssertion(make({}, signer), { token }));
      expect(after.body).toEqual({ active: false });
    },
  );

  test.each<[string, () => Changes]>([
    ['aud as a list of one', () => ({ claims: { aud: [issuer] } })],
    ['typ client-authentication+jwt', () => ({ header: { typ: 'client-authentication+jwt' } })],
    ['typ JWT', () => ({ header: { typ: 'JWT' } })],
    ['no kid', () => ({ header: { kid: undefined } })],
    ['RFC 9864: EdDSA by its other name', () => ({ header: { alg: 'Ed25519', kid: undefined }, signer: EDDSA })],
    ['iat and nbf 8 s ahead', () => ({ claims: { iat: inSeconds(8), nbf: inSeconds(8) } })],
    ['no iat', () => ({ claims: { iat: undefined } })],
    ['expired for less than the skew', () => ({ claims: { exp: inSeconds(-20) } })],
    ['claims nobody knows', () => ({ claims: { htm: 'POST', nested: { a: [1] } } })],
  ])('%s', async (_what, changes) => {
    expect((await ask(make(changes()))).status).toBe(200);
  });
});

describe('RFC 6749 §5.2: every refusal looks the same; the owner sees which it was', () => {
  const refused: [string, () => string, string, RegExp][] = [
    ['iss another client', () => make({ claims: { iss: 'other' } }), 'wrong_subject', /^iss was "other"/],
    [
      'sub another client',
      () => make({ claims: { iss: 'other', sub: 'other' } }),
      'client_unknown',
      /there is no such client/,
    ],
    ['no sub', () => make({ claims: { sub: undefined } }), 'wrong_subject', /^sub was missing/],
    ['no iss', () => make({ claims: { iss: undefined } }), 'wrong_subject', /^iss was missing/],
    [
      'aud the token endpoint',
      () => make({ claims: { aud: `${issuer}/oauth2/token` } }),
      'wrong_audience',
      /token endpoint, expected the issuer/,
    ],
    ['aud with a slash', () => make({ claims: { aud: `${issuer}/` } }), 'wrong_audience', /slash at its end/],
    [
      'aud of two',
      () => make({ claims: { aud: [issuer, 'https://other.example'] } }),
      'wrong_audience',
      /held 2 values/,
    ],
    ['aud the issuer twice', () => make({ claims: { aud: [issuer, issuer] } }), 'wrong_audience', /held 2 values/],
    ['aud another host', () => make({ claims: { aud: 'https://other.example' } }), 'wrong_audience', /other\.example/],
    ['aud in another case', () => make({ claims: { aud: issuer.toUpperCase() } }), 'wrong_audience', /^aud was/],
    ['aud a beginning of it', () => make({ claims: { aud: issuer.slice(0, -1) } }), 'wrong_audience', /^aud was/],
    ['no aud', () => make({ claims: { aud: undefined } }), 'wrong_audience', /missing/],
    ['an empty aud', () => make({ claims: { aud: [] } }), 'wrong_audience', /held 0 values/],
    ['typ at+jwt', () => make({ header: { typ: 'at+jwt' } }), 'wrong_type', /^typ was "at\+jwt"/],
    ['typ dpop+jwt', () => make({ header: { typ: 'dpop+jwt' } }), 'wrong_type', /^typ was "dpop\+jwt"/],
    ['typ oauth-authz-req+jwt', () => make({ header: { typ: 'oauth-authz-req+jwt' } }), 'wrong_type', /^typ was/],
    ['exp 5 minutes ago', () => make({ claims: { exp: inSeconds(-300) } }), 'expired', /expired 30\d s ago/],
    ['exp an hour ahead', () => make({ claims: { exp: inSeconds(3_600) } }), 'too_long_lived', /at most 300 s/],
    ['no exp', () => make({ claims: { exp: undefined } }), 'invalid_time', /^exp was missing/],
    ['exp a text', () => make({ claims: { exp: String(inSeconds(60)) } }), 'invalid_time', /^exp was/],
    ['exp negative', () => make({ claims: { exp: -1 } }), 'invalid_time', /^exp was -1/],
    ['iat 92 s ahead', () => make({ claims: { iat: inSeconds(92) } }), 'not_yet_valid', /clock 9[123] s fast/],
    ['nbf 92 s ahead', () => make({ claims: { nbf: inSeconds(92) } }), 'not_yet_valid', /clock 9[123] s fast/],
    ['iat null', () => make({ claims: { iat: null } }), 'invalid_time', /^iat was null/],
    ['no jti', () => make({ claims: { jti: undefined } }), 'invalid_jti', /missing/],
    ['an empty jti', () => make({ claims: { jti: '' } }), 'invalid_jti', /^jti was/],
    ['a number for jti', () => make({ claims: { jti: 7 } }), 'invalid_jti', /^jti was 7/],
    [
      'RS256',
      () => make({ header: { alg: 'RS256' }, signer: { ...PS256, alg: 'RS256' } }, PS256),
      'wrong_algorithm',
      /^alg was "RS256"/,
    ],
    [
      'PS256 named with the kid of an EC key',
      () => make({ header: { alg: 'PS256' }, signer: PS256 }),
      'wrong_algorithm',
      /the key es is for ES256/,
    ],
    [
      'an unknown kid',
      () => make({ header: { kid: 'nobody' } }),
      'unknown_key',
      /no key with kid nobody; the client has es, ps/,
    ],
    [
      "a stranger's key under a known kid",
      () => make({ signer: stranger }),
      'bad_signature',
      /not that of the client's key es/,
    ],
    [
      'a changed payload',
      () => make().replace(/\.[^.]+\./, `.${make().split('.')[1]}.`),
      'bad_signature',
      /the signature/,
    ],
    ['no signature', () => `${make().split('.').slice(0, 2).join('.')}.`, 'bad_signature', /the signature/],
    ['no JWT', () => 'assertion', 'malformed', /cannot be read/],
    ['N05: crit', () => make({ header: { crit: ['exp'] } }), 'malformed', /has crit/],
    ['N05: zip', () => make({ header: { zip: 'DEF' } }), 'malformed', /has zip/],
    ['N05: longer than 8 KB', () => make({ claims: { padding: 'x'.repeat(8_192) } }), 'malformed', /longer than/],
    ['N09: exp beyond all numbers', () => beyond(), 'invalid_time', /^exp was/],
  ];
  // JSON.stringify would not write it.
  const beyond = () => {
    const { iss, sub, aud, jti } = { iss: client.client_id, sub: client.client_id, aud: issuer, jti: 'beyond' };
    return signed(
      { alg: 'ES256', kid: 'es' },
      JSON.stringify({ iss, sub, aud, jti, exp: 0 }).replace('0}', '1e400}'),
      ES256,
    );
  };

  test.each(refused)('%s', async (_what, text, code, reason) => {
    const [plain, before] = [await ask('not.an.assertion'), await house.sql('SELECT count(*) FROM used_proof')];
    const answer = await ask(text());
    expectOAuthError(answer, 401, 'invalid_client');
    expect(outside(answer)).toEqual(outside(plain));
    const told = await reasonOf(house, answer);
    expect(told.code).toBe(code === 'client_unknown' ? code : `assertion_${code}`);
    expect(told.reason).toMatch(reason);
    // RFC 7523 §3: what proves nothing uses up nothing.
    expect(await house.sql('SELECT count(*) FROM used_proof')).toEqual(before);
  });

  test('statement 26: client_id of the body must be the one in the assertion', async () => {
    expectOAuthError(await ask(make(), { client_id: 'other' }), 400, 'invalid_request');
  });

  test('statement 25: another client_assertion_type is invalid_request', async () => {
    for (const client_assertion_type of [
      `${ASSERTION_TYPE}x`,
      ASSERTION_TYPE.toUpperCase(),
      ASSERTION_TYPE.replace('jwt', 'saml2'),
    ]) {
      expectOAuthError(await ask(make(), { client_assertion_type }), 400, 'invalid_request');
    }
  });

  test('a client whose keys are gone, suspended, expired or deleted looks like an unknown one', async () => {
    const plain = await ask('not.an.assertion');
    const [suspended, expired, deleted] = await Promise.all([1, 2, 3].map(() => clientWithKeys(house, [ES256])));
    await change(suspended as MadeClient, { status: 'suspended' });
    await change(expired as MadeClient, { expiry: '2023-12-31T23:59:59Z' });
    await house.manage(`/api/clients/${deleted?.client_id}`, { method: 'DELETE' });
    const codes = [];
    for (const one of [suspended, expired, deleted]) {
      const answer = await ask(assertion(issuer, one?.client_id ?? '', ES256));
      expect(outside(answer)).toEqual(outside(plain));
      codes.push((await reasonOf(house, answer)).code);
    }
    expect(codes).toEqual(['client_suspended', 'client_expired', 'client_unknown']);
  });
});

describe('N04, N08: whose key, and for whom', () => {
  test('two clients with one kid and different keys are never taken for each other', async () => {
    const [one, other] = [makeSigner('ES256', 'same'), makeSigner('ES256', 'same')];
    const [first, second] = [await clientWithKeys(house, [one]), await clientWithKeys(house, [other])];
    for (const [mine, right, wrong] of [
      [first, one, other],
      [second, other, one],
    ] as const) {
      expectOAuthError(await ask(assertion(issuer, mine.client_id, wrong)), 401, 'invalid_client');
      expect((await ask(assertion(issuer, mine.client_id, right))).status).toBe(200);
    }
  });

  test('legacy_assertion_audience: the token endpoint too, with a warning, for that client alone', async () => {
    const legacy = await clientWithKeys(house, [ES256], { legacy_assertion_audience: true });
    expect(legacy.warnings.map(({ code }) => code)).toEqual(['legacy_assertion_audience']);
    const shown = await house.manage(`/api/clients/${legacy.client_id}`);
    expect(shown.body.warnings.map(({ code }: { code: string }) => code)).toEqual(['legacy_assertion_audience']);
    const to = (aud: unknown) => ask(assertion(issuer, legacy.client_id, ES256, { claims: { aud } }));
    expect((await to(`${issuer}/oauth2/token`)).status).toBe(200);
    expect((await to(issuer)).status).toBe(200);
    for (const aud of [`${issuer}/oauth2/introspect`, `${issuer}/oauth2/token/`, [issuer, `${issuer}/oauth2/token`]]) {
      expectOAuthError(await to(aud), 401, 'invalid_client');
    }
    await change(legacy, { legacy_assertion_audience: false });
    expectOAuthError(await to(`${issuer}/oauth2/token`), 401, 'invalid_client');
  });
});

describe('keys come and go', () => {
  test('jwks replaced by PATCH: the old key stops at once, the one that stays keeps its credential', async () => {
    const [old, kept, fresh] = [makeSigner('ES256', 'old'), makeSigner('EdDSA', 'kept'), makeSigner('PS256', 'new')];
    const made = await clientWithKeys(house, [old, kept]);
    const works = async (signer: Signer) => (await ask(assertion(issuer, made.client_id, signer))).status === 200;
    expect([await works(old), await works(kept), await works(fresh)]).toEqual([true, true, false]);
    const ids = async () => {
      const { body } = await house.manage(`/api/clients/${made.client_id}`);
      return new Map<string, string>(body.credentials.map(({ id, kid }: Record<string, string>) => [kid, id]));
    };
    const before = await ids();
    expect((await change(made, { jwks: { keys: [kept.jwk, fresh.jwk] } })).status).toBe(200);
    expect([await works(old), await works(kept), await works(fresh)]).toEqual([false, true, true]);
    expect((await ids()).get('kept')).toBe(before.get('kept'));
  });

  test.each([
    ['expired', "expires_at = now() - interval '3 hours 1 minute'", 'credential_expired', /key .* expired 3 h ago/],
    ['not_yet_valid', "not_before = now() + interval '2 hours 1 minute'", 'credential_not_yet_valid', /in 2 h/],
  ])('a key that is %s proves nothing', async (_what, times, code, reason) => {
    const made = await clientWithKeys(house, [ES256]);
    await house.sql(`UPDATE credential SET ${times} WHERE client_id = $1`, [made.client_id]);
    const answer = await ask(assertion(issuer, made.client_id, ES256));
    expectOAuthError(answer, 401, 'invalid_client');
    const told = await reasonOf(house, answer);
    expect(told).toEqual({ code, reason: expect.stringMatching(reason) });
  });
});
