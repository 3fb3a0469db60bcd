import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AssertionFacts, checkClientAssertion, readClientAssertion } from './client-assertion.js';
import { type Algorithm, JWS_LENGTH_MAX } from './compact-jws.js';
import { type ClientKey, readJwk } from './jwk-set.js';

const pairs = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  PS256: generateKeyPairSync('rsa', { modulusLength: 2_048 }),
  EdDSA: generateKeyPairSync('ed25519'),
};
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ISSUER = 'https://auth.example';
const ENDPOINT = 'https://auth.example/oauth2/token';
const NOW = 1_800_000_000;
const CLIENT = 'my_client_id';
const kids: Record<Algorithm, string> = { ES256: 'k1', PS256: 'k-rsa', EdDSA: 'k-ed' };

function known(pair: { publicKey: KeyObject }, kid?: string): ClientKey {
  const read = readJwk({ ...pair.publicKey.export({ format: 'jwk' }), kid }, '');
  if (!read.ok) throw new Error('the test key is not usable');
  return read.key;
}
const keys = (Object.keys(pairs) as Algorithm[]).map((alg) => known(pairs[alg], kids[alg]));
const facts: AssertionFacts<ClientKey> = {
  clientId: CLIENT,
  keys,
  issuer: ISSUER,
  tokenEndpoint: ENDPOINT,
  legacyAudience: false,
  maxLifetimeSeconds: 300,
  skewSeconds: 60,
  now: NOW * 1_000,
};
const HEADER = { alg: 'ES256', typ: 'client-authentication+jwt', kid: 'k1' };
const CLAIMS = { iss: CLIENT, sub: CLIENT, aud: ISSUER, exp: NOW + 60, iat: NOW, jti: 'one' };

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

function signature(input: string, alg: string, key: KeyObject): Buffer {
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  const options = alg === 'PS256' ? pss : { dsaEncoding: 'ieee-p1363' as const };
  return sign(alg === 'EdDSA' ? null : 'sha256', Buffer.from(input), { key, ...options });
}

/** Any header and claims, well signed: only the content is at fault. Texts are taken as the JSON itself. */
function make(header: unknown = HEADER, claims: unknown = CLAIMS, alg = 'ES256', key = pairs.ES256.privateKey): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${signature(input, alg, key).toString('base64url')}`;
}

async function check(text: string, change: Partial<AssertionFacts<ClientKey>> = {}) {
  const read = readClientAssertion(text);
  return read.ok ? checkClientAssertion(read.assertion, { ...facts, ...change }) : read;
}
const verdict = async (text: string, change?: Partial<AssertionFacts<ClientKey>>): Promise<string> => {
  const checked = await check(text, change);
  return checked.ok ? 'accepted' : `${checked.code}: ${checked.reason}`;
};
const codeOf = async (text: string, change?: Partial<AssertionFacts<ClientKey>>) =>
  (await verdict(text, change)).split(':')[0];

describe('what is accepted', () => {
  test.each<Algorithm>(['ES256', 'PS256', 'EdDSA'])(
    '%s: the key, the jti and until when it must be remembered',
    async (alg) => {
      const checked = await check(make({ ...HEADER, alg, kid: kids[alg] }, CLAIMS, alg, pairs[alg].privateKey));
      expect(checked).toEqual({
        ok: true,
        key: keys.find((key) => key.alg === alg),
        jti: 'one',
        expiresAt: (NOW + 120) * 1_000,
        audience: 'issuer',
      });
    },
  );

  test.each<[string, unknown, unknown]>([
    ['no typ', { alg: 'ES256', kid: 'k1' }, CLAIMS],
    ['typ JWT', { ...HEADER, typ: 'JWT' }, CLAIMS],
    ['aud as a list of one', HEADER, { ...CLAIMS, aud: [ISSUER] }],
    ['no iat', HEADER, { ...CLAIMS, iat: undefined }],
    ['nbf', HEADER, { ...CLAIMS, nbf: NOW }],
    ['claims we do not know', HEADER, { ...CLAIMS, scope: 'x', __proto__: null }],
    ['a time with a fraction', HEADER, { ...CLAIMS, exp: NOW + 60.5 }],
    ['a jti as long as may be', HEADER, { ...CLAIMS, jti: 'j'.repeat(256) }],
  ])('%s', async (_what, header, claims) => {
    expect(await verdict(make(header, claims))).toBe('accepted');
  });

  test('a kid is not needed where one key fits, or several do', async () => {
    const header = { alg: 'ES256' };
    expect(await verdict(make(header))).toBe('accepted');
    const checked = await check(make(header), { keys: [known(stranger, 'a'), ...keys] });
    expect(checked.ok && checked.key.kid).toBe('k1');
  });

  test('RFC 9864: EdDSA under its newer name', async () => {
    const text = make({ alg: 'Ed25519', kid: 'k-ed' }, CLAIMS, 'EdDSA', pairs.EdDSA.privateKey);
    expect(await verdict(text)).toBe('accepted');
  });

  test('a key registered without a kid is known by its thumbprint', async () => {
    const key = known(pairs.ES256);
    expect(await verdict(make({ ...HEADER, kid: key.thumbprint }), { keys: [key] })).toBe('accepted');
    expect(await codeOf(make(), { keys: [key] })).toBe('unknown_key');
  });
});

describe('headers at fault, well signed', () => {
  test.each([undefined, 'none', 'None', 'nOnE', 'HS256', 'RS256', 'ES384', 'es256', ['ES256']])(
    'N01, N02: alg %j',
    async (alg) => {
      const was = alg === undefined ? 'missing' : JSON.stringify(alg);
      const expected = `wrong_algorithm: alg was ${was}, expected one of ES256, PS256, EdDSA, Ed25519`;
      expect(await verdict(make({ ...HEADER, alg }))).toBe(expected);
    },
  );

  test('N02: alg of another kind of key', async () => {
    const expected = 'wrong_algorithm: alg was PS256; the key k1 is for ES256';
    expect(await verdict(make({ ...HEADER, alg: 'PS256' }))).toBe(expected);
  });

  test.each(['dpop+jwt', 'at+jwt', 'oauth-authz-req+jwt', 'jwt', '', null])('N12: typ %j', async (typ) => {
    const expected = `wrong_type: typ was ${JSON.stringify(typ)}, expected client-authentication+jwt, JWT or none`;
    expect(await verdict(make({ ...HEADER, typ }))).toBe(expected);
  });

  test.each([
    ['k2', 'k2'],
    ['../../dev/null', '../../dev/null'],
    ['http://127.0.0.1:9/', 'http://127.0.0.1:9/'],
    ['__proto__', '__proto__'],
    ["' OR 1=1\0", `"' OR 1=1\\u0000"`],
    ['', '""'],
  ])('N04: kid %j', async (kid, named) => {
    const expected = `unknown_key: no key with kid ${named}; the client has k1, k-rsa, k-ed`;
    expect(await verdict(make({ ...HEADER, kid }))).toBe(expected);
  });

  test.each([[['k1']], [null], [7], [{}]])('N04: kid %j', async (kid) => {
    const expected = `unknown_key: kid was ${JSON.stringify(kid)}, expected a text or none`;
    expect(await verdict(make({ ...HEADER, kid }))).toBe(expected);
  });

  test('N05: a header that is no object, and one that asks for more than we do', async () => {
    const expected = 'malformed: the assertion cannot be read: its header is not a JSON object in base64url';
    for (const header of [[HEADER], 'alg', null, 7]) expect(await verdict(make(header))).toBe(expected);
    for (const more of [{ crit: ['exp'] }, { b64: false }, { zip: 'DEF' }]) {
      expect(await codeOf(make({ ...HEADER, ...more }))).toBe('malformed');
    }
  });

  test('N04: a kid of a megabyte is refused before it is parsed', async () => {
    const expected = `malformed: the assertion cannot be read: it is longer than ${JWS_LENGTH_MAX} characters`;
    expect(await verdict(make({ ...HEADER, kid: 'k'.repeat(1 << 20) }))).toBe(expected);
  });

  test('a long or foreign text is cut short and made ASCII in the reason', async () => {
    const reason = await verdict(make({ ...HEADER, kid: `\u202e${'ü'.repeat(3_000)}` }));
    expect(reason).toMatch(/^[\x20-\x7e]{1,250}$/);
  });
});

describe('signatures at fault', () => {
  const forged = (header: unknown, key = stranger.privateKey) => make(header, CLAIMS, 'ES256', key);
  test.each<[string, string]>([
    ['another key under our kid', forged(HEADER)],
    ['N03: its own key as jwk', forged({ ...HEADER, jwk: stranger.publicKey.export({ format: 'jwk' }) })],
    ['N03: jku', forged({ ...HEADER, jku: 'http://127.0.0.1:9/jwks.json' })],
    ['N03: x5u', forged({ ...HEADER, x5u: 'http://127.0.0.1:9/cert.pem' })],
    ['N03: x5c', forged({ ...HEADER, x5c: ['MIIB'] })],
    ['no kid', forged({ alg: 'ES256' })],
    ['N01: no signature', make().replace(/[^.]*$/, '')],
  ])('%s', async (_what, text) => {
    expect(await codeOf(text)).toBe('bad_signature');
  });

  test('an unsigned assertion with two parts is malformed', async () => {
    const [header, claims] = make({ ...HEADER, alg: 'none' }).split('.');
    expect(await codeOf(`${header}.${claims}`)).toBe('malformed');
    expect(await codeOf(`${header}.${claims}.`)).toBe('wrong_algorithm');
  });

  test('N02: our public keys as HMAC keys', async () => {
    for (const { publicKey } of Object.values(pairs)) {
      for (const secret of [
        publicKey.export({ format: 'pem', type: 'spki' }),
        publicKey.export({ format: 'der', type: 'spki' }),
        JSON.stringify(publicKey.export({ format: 'jwk' })),
        '',
      ]) {
        for (const [alg, kid] of [['HS256', 'k1'], ...Object.entries(kids)]) {
          const input = `${encode({ ...HEADER, alg, kid })}.${encode(CLAIMS)}`;
          const mac = createHmac('sha256', secret).update(input).digest();
          expect(await codeOf(`${input}.${mac.toString('base64url')}`)).toMatch(/^(wrong_algorithm|bad_signature)$/);
        }
      }
    }
  });

  test('N04: two clients with one kid and different keys are never taken for each other', async () => {
    const theirs = [known(stranger, 'k1')];
    expect(await codeOf(make(), { keys: theirs })).toBe('bad_signature');
    expect(await codeOf(forged(HEADER), { keys: theirs })).toBe('accepted');
  });
});

describe('keys that cannot be found', () => {
  test('the reason says what the client has', async () => {
    expect(await verdict(make(), { keys: [] })).toBe('unknown_key: no key with kid k1; the client has no key at all');
    const onlyEd = keys.filter((key) => key.alg === 'EdDSA');
    expect(await verdict(make({ alg: 'ES256' }), { keys: onlyEd })).toBe(
      'unknown_key: no key for ES256; the client has k-ed',
    );
  });
});

describe('subject and audience', () => {
  test.each<[string, object, string]>([
    ['no sub', { sub: undefined }, 'sub was missing, expected the client id'],
    ['an empty sub', { sub: '' }, 'sub was "", expected the client id'],
    ['sub as a list', { sub: [CLIENT] }, `sub was ["${CLIENT}"], expected the client id`],
    ['sub with NUL', { sub: 'a\0' }, 'sub was "a\\u0000", expected the client id'],
    ['no iss', { iss: undefined }, `iss was missing, expected the same as sub, ${CLIENT}`],
    ['another iss', { iss: 'other' }, `iss was "other", expected the same as sub, ${CLIENT}`],
    ['another client', { iss: 'other', sub: 'other' }, `sub was other, expected ${CLIENT}`],
  ])('%s', async (_what, change, reason) => {
    expect(await verdict(make(HEADER, { ...CLAIMS, ...change }))).toBe(`wrong_subject: ${reason}`);
  });

  const several = (count: number) => `aud held ${count} values, expected the issuer alone`;
  const was = (value: string) => `aud was ${value}, expected the issuer ${ISSUER}`;
  test.each<[string, unknown, string]>([
    ['N08: the token endpoint', ENDPOINT, 'aud was the token endpoint, expected the issuer'],
    ['N08: the token endpoint in a list', [ENDPOINT], 'aud was the token endpoint, expected the issuer'],
    ['a slash more', `${ISSUER}/`, 'aud was the issuer with a slash at its end, expected the issuer as it is'],
    ['N07: ours and another', [ISSUER, 'https://b.example'], several(2)],
    ['N07: ours twice', [ISSUER, ISSUER], several(2)],
    ['N08: issuer and endpoint', [ISSUER, ENDPOINT], several(2)],
    ['an empty list', [], several(0)],
    ['no aud', undefined, was('missing')],
    ['N07: a prefix', 'https://auth.exampl', was('"https://auth.exampl"')],
    ['N07: another case', 'https://AUTH.example', was('"https://AUTH.example"')],
    ['aud as an object', { 0: ISSUER, length: 1 }, was(`{"0":"${ISSUER}","length":1}`)],
  ])('%s', async (_what, aud, reason) => {
    expect(await verdict(make(HEADER, { ...CLAIMS, aud }))).toBe(`wrong_audience: ${reason}`);
  });

  test('the legacy switch adds the token endpoint and nothing else', async () => {
    const legacyAudience = true;
    for (const aud of [ENDPOINT, [ENDPOINT]]) {
      const checked = await check(make(HEADER, { ...CLAIMS, aud }), { legacyAudience });
      expect(checked.ok && checked.audience).toBe('token_endpoint');
    }
    const checked = await check(make(), { legacyAudience });
    expect(checked.ok && checked.audience).toBe('issuer');
    for (const aud of [[ISSUER, ENDPOINT], `${ENDPOINT}/`, `${ISSUER}/oauth2/introspect`, `${ISSUER}/`, [[ENDPOINT]]]) {
      expect(await codeOf(make(HEADER, { ...CLAIMS, aud }), { legacyAudience })).toBe('wrong_audience');
    }
  });
});

describe('times', () => {
  const tooLong = (ahead: number) => `too_long_lived: exp lies ${ahead} s in the future, at most 300 s are accepted`;
  const fast = (name: string, late: number) =>
    `not_yet_valid: clock ${late} s fast: ${name} lies ${late} s in the future`;
  const noTime = (name: string, was: unknown) => `invalid_time: ${name} was ${was}, expected seconds since 1970`;
  test.each<[string, object, string]>([
    ['exp 59 s past, within the skew', { exp: NOW - 59 }, 'accepted'],
    ['exp 60 s past', { exp: NOW - 60 }, 'expired: the assertion expired 60 s ago'],
    ['exp 92 s past', { exp: NOW - 92 }, 'expired: the assertion expired 92 s ago'],
    ['FAPI: exp 5 minutes past', { exp: NOW - 300 }, 'expired: the assertion expired 300 s ago'],
    ['exp as far ahead as may be', { exp: NOW + 360 }, 'accepted'],
    ['exp a second further', { exp: NOW + 361 }, tooLong(361)],
    ['FAPI: iat 8 s ahead', { iat: NOW + 8 }, 'accepted'],
    ['iat 60 s ahead', { iat: NOW + 60 }, 'accepted'],
    ['iat 92 s ahead', { iat: NOW + 92 }, fast('iat', 92)],
    ['a client 400 s fast is told so', { iat: NOW + 400, exp: NOW + 700 }, fast('iat', 400)],
    ['nbf 60 s ahead', { nbf: NOW + 60 }, 'accepted'],
    ['nbf 61 s ahead', { nbf: NOW + 61 }, fast('nbf', 61)],
    ['iat long past', { iat: 1 }, 'accepted'],
    ['N09: no exp', { exp: undefined }, noTime('exp', 'missing')],
    ['N09: exp as a text', { exp: `${NOW + 60}` }, noTime('exp', `"${NOW + 60}"`)],
    ['N09: exp null', { exp: null }, noTime('exp', null)],
    ['N09: exp as a list', { exp: [NOW + 60] }, noTime('exp', `[${NOW + 60}]`)],
    ['N09: exp negative', { exp: -1 }, noTime('exp', -1)],
    ['N09: exp 1.5', { exp: 1.5 }, `expired: the assertion expired ${NOW - 2} s ago`],
    ['N09: exp 1e20', { exp: 1e20 }, tooLong(1e20 - NOW)],
    ['N09: exp in milliseconds', { exp: (NOW + 60) * 1_000 }, tooLong(NOW * 999 + 60_000)],
    ['N09: iat as a text', { iat: `${NOW}` }, noTime('iat', `"${NOW}"`)],
    ['N09: iat negative', { iat: -NOW }, noTime('iat', -NOW)],
    ['N09: nbf null', { nbf: null }, noTime('nbf', null)],
  ])('%s', async (_what, change, expected) => {
    expect(await verdict(make(HEADER, { ...CLAIMS, ...change }))).toBe(expected);
  });

  test.each(['exp', 'iat', 'nbf'])('N09: %s of 1e400', async (name) => {
    const claims = JSON.stringify({ ...CLAIMS, [name]: 'here' }).replace('"here"', '1e400');
    expect(await codeOf(make(HEADER, claims))).toBe('invalid_time');
  });

  test('accepted exactly within the window, and remembered at least as long as it could be accepted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: -1_000, max: 1_000 }),
        fc.integer({ min: -1_000, max: 1_000 }),
        fc.nat(999),
        async (exp, iat, milliseconds) => {
          const now = NOW * 1_000 + milliseconds;
          const checked = await check(make(HEADER, { ...CLAIMS, exp: NOW + exp, iat: NOW + iat }), { now });
          const [life, age] = [exp - milliseconds / 1_000, iat - milliseconds / 1_000];
          expect(checked.ok).toBe(life > -60 && life <= 360 && age <= 60);
          if (!checked.ok) return;
          const later = await check(make(HEADER, { ...CLAIMS, exp: NOW + exp }), { now: checked.expiresAt });
          expect(later.ok).toBe(false);
        },
      ),
    );
  });
});

test.each<[string, unknown]>([
  ['none', undefined],
  ['empty', ''],
  ['null', null],
  ['a number', 7],
  ['a list', ['one']],
  ['too long', 'j'.repeat(257)],
])('N10: jti %s is refused', async (_what, jti) => {
  expect(await codeOf(make(HEADER, { ...CLAIMS, jti }))).toBe('invalid_jti');
});

test('any text is refused, never an error', async () => {
  const part = fc.oneof(fc.base64String(), fc.json().map(encode), fc.constantFrom(encode(HEADER), encode(CLAIMS)));
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(part, { maxLength: 5 }).map((parts) => parts.join('.')),
  );
  await fc.assert(fc.asyncProperty(text, async (value) => expect((await check(value)).ok).toBe(false)));
});
