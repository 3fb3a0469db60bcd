import { constants, createHash, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Algorithm } from './compact-jws.js';
import { checkDpopProof, type ProofFacts } from './dpop-proof.js';
import { readJwk } from './jwk-set.js';

const pairs = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  PS256: generateKeyPairSync('rsa', { modulusLength: 2_048 }),
  EdDSA: generateKeyPairSync('ed25519'),
};
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwkOf = ({ publicKey }: { publicKey: KeyObject }) => publicKey.export({ format: 'jwk' });
const URL_CALLED = 'https://auth.example/oauth2/token';
const NOW = 1_800_000_000;
const NONCE = 'fresh';
const facts: Omit<ProofFacts, 'proof'> = {
  method: 'POST',
  url: URL_CALLED,
  nonce: { required: true, isFresh: (nonce) => nonce === NONCE },
  maxAgeSeconds: 60,
  skewSeconds: 60,
  now: NOW * 1_000,
};
const HEADER = { typ: 'dpop+jwt', alg: 'ES256', jwk: jwkOf(pairs.ES256) };
const CLAIMS = { htm: 'POST', htu: URL_CALLED, iat: NOW, jti: 'one', nonce: NONCE };

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Any header and claims, well signed: only the content is at fault. Texts are taken as the JSON itself. */
function make(header: unknown = HEADER, claims: unknown = CLAIMS, alg: Algorithm = 'ES256', key?: KeyObject): string {
  const input = `${encode(header)}.${encode(claims)}`;
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  const options = alg === 'PS256' ? pss : { dsaEncoding: 'ieee-p1363' as const };
  const hash = alg === 'EdDSA' ? null : 'sha256';
  const signature = sign(hash, Buffer.from(input), { key: key ?? pairs[alg].privateKey, ...options });
  return `${input}.${signature.toString('base64url')}`;
}

const check = (proof: ProofFacts['proof'], change: Partial<ProofFacts> = {}) =>
  checkDpopProof({ ...facts, ...change, proof });

async function verdict(proof: ProofFacts['proof'], change: Partial<ProofFacts> = {}): Promise<string> {
  const checked = await check(proof, change);
  return checked.ok ? 'accepted' : `${checked.error}, ${checked.code}: ${checked.reason}`;
}
const withClaims = (change: object, facts: Partial<ProofFacts> = {}) =>
  verdict(make(HEADER, { ...CLAIMS, ...change }), facts);

describe('what is accepted', () => {
  test.each<Algorithm>(['ES256', 'PS256', 'EdDSA'])('%s: the thumbprint, the jti and its time', async (alg) => {
    const jwk = jwkOf(pairs[alg]);
    const read = readJwk(jwk, '');
    expect(await check(make({ ...HEADER, alg, jwk }, CLAIMS, alg))).toEqual({
      ok: true,
      jkt: read.ok && read.key.thumbprint,
      jti: 'one',
      expiresAt: (NOW + 60) * 1_000,
    });
  });

  test('the thumbprint depends on the key alone', async () => {
    const jwk = { ...Object.fromEntries(Object.entries(HEADER.jwk).reverse()), kid: 'a', use: 'sig', alg: 'ES256' };
    const [plain, adorned] = [await check(make()), await check(make({ ...HEADER, jwk, kid: 'b' }))];
    expect(plain.ok && adorned.ok && plain.jkt === adorned.jkt).toBe(true);
  });

  test('a hundred at once, each judged by itself', async () => {
    const proofs = Array.from({ length: 100 }, (_, index) =>
      make(HEADER, { ...CLAIMS, jti: `${index}`, htm: index % 2 === 0 ? 'POST' : 'GET' }),
    );
    const checked = await Promise.all(proofs.map((proof) => check(proof)));
    expect(checked.map((one) => one.ok && one.jti)).toEqual(
      proofs.map((_, index) => (index % 2 === 0 ? `${index}` : false)),
    );
  });
});

describe('one proof', () => {
  const several = 'invalid_dpop_proof, several_proofs: there is more than one DPoP proof';
  test.each<[string, ProofFacts['proof'], string]>([
    ['none', undefined, 'invalid_dpop_proof, missing: there is no DPoP header'],
    ['two joined', `${make()}, ${make()}`, several],
    ['two joined tightly', `${make()},${make()}`, several],
    ['a list', [make(), make()], several],
    ['a list of one', [make()], several],
    ['a comma', ',', several],
  ])('%s', async (_what, proof, expected) => {
    expect(await verdict(proof)).toBe(expected);
  });

  test('malformed', async () => {
    for (const proof of ['', ' ', 'x', '..', 'a.b.c.d.e', `${make()} `, `DPoP ${make()}`, make().slice(0, -1)]) {
      expect(await verdict(proof)).toContain('invalid_dpop_proof, malformed: the proof cannot be read:');
    }
  });
});

describe('headers at fault, well signed', () => {
  const privateJwk = pairs.ES256.privateKey.export({ format: 'jwk' });
  test.each<[string, object, string]>([
    ['no typ', { typ: undefined }, 'wrong_type'],
    ['typ JWT', { typ: 'JWT' }, 'wrong_type'],
    ['typ in another case', { typ: 'DPOP+JWT' }, 'wrong_type'],
    ['N12: typ of an assertion', { typ: 'client-authentication+jwt' }, 'wrong_type'],
    ['N12: typ of an access token', { typ: 'at+jwt' }, 'wrong_type'],
    ['N01: none', { alg: 'none' }, 'wrong_algorithm'],
    ['N01: None', { alg: 'None' }, 'wrong_algorithm'],
    ['N01: nOnE', { alg: 'nOnE' }, 'wrong_algorithm'],
    ['N02: HS256', { alg: 'HS256' }, 'wrong_algorithm'],
    ['RS256', { alg: 'RS256' }, 'wrong_algorithm'],
    ['ES384', { alg: 'ES384' }, 'wrong_algorithm'],
    ['no alg', { alg: undefined }, 'wrong_algorithm'],
    ['N02: alg of another kind of key', { alg: 'EdDSA' }, 'wrong_algorithm'],
    ['no jwk', { jwk: undefined }, 'invalid_key'],
    ['jwk as a text', { jwk: JSON.stringify(HEADER.jwk) }, 'invalid_key'],
    ['jwk as a list', { jwk: [HEADER.jwk] }, 'invalid_key'],
    ['a private key', { jwk: privateJwk }, 'invalid_key'],
    ['a shared key', { jwk: { kty: 'oct', k: 'c2VjcmV0' } }, 'invalid_key'],
    ['a key for another purpose', { jwk: { ...HEADER.jwk, use: 'enc' } }, 'invalid_key'],
    ['N03: another key', { jwk: jwkOf(stranger) }, 'bad_signature'],
    ['N03: jku instead of jwk', { jwk: undefined, jku: 'http://127.0.0.1:9/jwks.json' }, 'invalid_key'],
    ['N05: crit', { crit: ['nonce'] }, 'malformed'],
    ['N05: b64', { b64: true }, 'malformed'],
    ['N05: zip', { zip: 'DEF' }, 'malformed'],
  ])('%s', async (_what, change, code) => {
    expect(await verdict(make({ ...HEADER, ...change }))).toContain(`invalid_dpop_proof, ${code}: `);
  });

  test('a private key is not told again', async () => {
    const reason = await verdict(make({ ...HEADER, jwk: privateJwk }));
    expect(reason).not.toContain(privateJwk.d);
  });

  test('N02: the HMAC under the public key, whatever alg says', async () => {
    for (const alg of ['HS256', 'ES256']) {
      for (const secret of [
        pairs.ES256.publicKey.export({ format: 'pem', type: 'spki' }),
        pairs.ES256.publicKey.export({ format: 'der', type: 'spki' }),
        JSON.stringify(HEADER.jwk),
        '',
      ]) {
        const input = `${encode({ ...HEADER, alg })}.${encode(CLAIMS)}`;
        const mac = createHmac('sha256', secret).update(input).digest('base64url');
        expect(await verdict(`${input}.${mac}`)).toMatch(/^invalid_dpop_proof, (wrong_algorithm|bad_signature): /);
      }
    }
  });

  test('no signature, another proof’s signature, one bit of the signature changed', async () => {
    const [header, claims, signature = ''] = make().split('.');
    expect(await verdict(`${header}.${claims}.`)).toContain('bad_signature');
    expect(await verdict(`${header}.${encode({ ...CLAIMS, jti: 'two' })}.${signature}`)).toContain('bad_signature');
    const bytes = Buffer.from(signature, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 7) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(await verdict(`${header}.${claims}.${changed.toString('base64url')}`)).toContain('bad_signature');
    }
  });
});

describe('the request it was made for', () => {
  test.each([undefined, 'GET', 'post', 'POST ', ['POST']])('htm %j', async (htm) => {
    expect(await withClaims({ htm })).toContain('invalid_dpop_proof, wrong_method: htm was');
  });

  test.each([
    'HTTPS://auth.example/oauth2/token',
    'https://AUTH.Example/oauth2/token',
    'https://auth.example:443/oauth2/token',
    'https://auth.example/oauth2/token?a=b&c',
    'https://auth.example/oauth2/token#part',
    'https://auth.example/oauth2/token?#',
  ])('RFC 9449 §4.3: the same URL as %s', async (htu) => {
    expect(await withClaims({ htu })).toBe('accepted');
  });

  test.each([
    undefined,
    '',
    [URL_CALLED],
    'https://auth.example/oauth2/token/',
    'https://auth.example/oauth2/Token',
    'https://auth.example/oauth2/../oauth2/token',
    'https://auth.example//oauth2/token',
    'https://auth.example/oauth2/%74oken',
    'https://auth.example/oauth2%2Ftoken',
    'https://auth.example\\oauth2\\token',
    'https://auth.example.evil.example/oauth2/token',
    'https://auth.example@evil.example/oauth2/token',
    'https://me@auth.example/oauth2/token',
    'https://auth.example./oauth2/token',
    'https://auth.example:8443/oauth2/token',
    'https://auth.example:/oauth2/token',
    'https://auth.example:0443/oauth2/token',
    'https://evil.example/?https://auth.example/oauth2/token',
    'http://auth.example/oauth2/token',
    'http://auth.example:443/oauth2/token',
    'https:auth.example/oauth2/token',
    '//auth.example/oauth2/token',
    '/oauth2/token',
    ' https://auth.example/oauth2/token',
    'https://auth.example/oauth2/token\n',
    'https://auth.example/oauth2/to\tken',
    'https://auth.example/oauth2',
    'https://auth.example',
    'https://auth.example/oauth2/introspect',
  ])('another URL: %j', async (htu) => {
    expect(await withClaims({ htu })).toContain('invalid_dpop_proof, wrong_url: htu was');
  });

  test('other ports, addresses and empty paths', async () => {
    for (const [url, htu, same] of [
      ['http://127.0.0.1:3000/a', 'http://127.0.0.1:3000/a', true],
      ['http://127.0.0.1:3000/a', 'http://127.0.0.1/a', false],
      ['http://localhost/a', 'http://LOCALHOST:80/a?x', true],
      ['http://[::1]:3000/a', 'http://[::1]:3000/a', true],
      ['https://api.example/', 'https://api.example', true],
      ['https://api.example/a?b=c', 'https://api.example/a', true],
    ] as const) {
      expect([url, htu, (await withClaims({ htu }, { url })) === 'accepted']).toEqual([url, htu, same]);
    }
  });
});

describe('times', () => {
  test.each<[string, object, string]>([
    ['FAPI: iat 10 s past', { iat: NOW - 10 }, 'accepted'],
    ['FAPI: iat 10 s ahead', { iat: NOW + 10 }, 'accepted'],
    ['iat 59 s past', { iat: NOW - 59 }, 'accepted'],
    ['iat 60 s past', { iat: NOW - 60 }, 'too_old: the proof was made 60 s ago, at most 60 s are accepted'],
    ['FAPI: iat 1 h past', { iat: NOW - 3_600 }, 'too_old: the proof was made 3600 s ago, at most 60 s are accepted'],
    ['iat 60 s ahead', { iat: NOW + 60 }, 'accepted'],
    ['iat 92 s ahead', { iat: NOW + 92 }, 'not_yet_valid: clock 92 s fast: iat lies 92 s in the future'],
    ['FAPI: iat 1 h ahead', { iat: NOW + 3_600 }, 'not_yet_valid: clock 3600 s fast: iat lies 3600 s in the future'],
    ['FAPI: nbf and exp around now', { nbf: NOW - 5, exp: NOW + 300 }, 'accepted'],
    ['nbf within the skew', { nbf: NOW + 60 }, 'accepted'],
    ['FAPI: nbf ahead', { nbf: NOW + 300 }, 'not_yet_valid: clock 300 s fast: nbf lies 300 s in the future'],
    ['FAPI: exp past', { exp: NOW - 300 }, 'expired: the proof expired 300 s ago'],
    ['exp just past', { exp: NOW - 60 }, 'expired: the proof expired 60 s ago'],
    ['N09: no iat', { iat: undefined }, 'invalid_time: iat was missing, expected seconds since 1970'],
    ['N09: iat as a text', { iat: `${NOW}` }, `invalid_time: iat was "${NOW}", expected seconds since 1970`],
    ['N09: iat negative', { iat: -1 }, 'invalid_time: iat was -1, expected seconds since 1970'],
    ['N09: iat 1.5', { iat: 1.5 }, `too_old: the proof was made ${NOW - 2} s ago, at most 60 s are accepted`],
    ['N09: exp null', { exp: null }, 'invalid_time: exp was null, expected seconds since 1970'],
    ['N09: nbf as a list', { nbf: [NOW] }, `invalid_time: nbf was [${NOW}], expected seconds since 1970`],
  ])('%s', async (_what, change, expected) => {
    expect(await withClaims(change)).toBe(expected === 'accepted' ? expected : `invalid_dpop_proof, ${expected}`);
  });

  test.each(['iat', 'nbf', 'exp'])('N09: %s of 1e400', async (name) => {
    const claims = JSON.stringify({ ...CLAIMS, [name]: 'here' }).replace('"here"', '1e400');
    expect(await verdict(make(HEADER, claims))).toContain('invalid_dpop_proof, invalid_time');
  });

  test('accepted exactly within the window, and remembered as long as it could be accepted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -200, max: 200 }), fc.nat(999), async (iat, milliseconds) => {
        const proof = make(HEADER, { ...CLAIMS, iat: NOW + iat });
        const checked = await check(proof, { now: NOW * 1_000 + milliseconds });
        const age = milliseconds / 1_000 - iat;
        expect(checked.ok).toBe(age < 60 && age >= -60);
        if (checked.ok) expect((await check(proof, { now: checked.expiresAt })).ok).toBe(false);
      }),
    );
  });
});

describe('jti, access token and nonce', () => {
  test.each([undefined, '', null, 7, ['one'], 'j'.repeat(257)])('jti %j', async (jti) => {
    expect(await withClaims({ jti })).toContain('invalid_dpop_proof, invalid_jti: jti was');
  });

  test('ath binds the proof to the access token, where there is one', async () => {
    const digest = (token: string) => createHash('sha256').update(token).digest('base64url');
    const accessToken = 'the.access.token';
    expect(await withClaims({ ath: digest(accessToken) }, { accessToken })).toBe('accepted');
    expect(await withClaims({ ath: digest('another') })).toBe('accepted');
    for (const ath of [digest('another'), `${digest(accessToken)}=`, '', [digest(accessToken)], null]) {
      expect(await withClaims({ ath }, { accessToken })).toBe(
        'invalid_dpop_proof, wrong_token: ath is the digest of another access token',
      );
    }
    expect(await withClaims({}, { accessToken })).toBe('invalid_dpop_proof, wrong_token: ath is missing');
  });

  test('RFC 9449 §8: only a proof that is right but for its nonce is asked to come again', async () => {
    const asked = 'use_dpop_nonce, nonce_missing: the proof has no nonce';
    const stale = 'use_dpop_nonce, nonce_stale: the nonce is not one of ours from the last minutes';
    expect(await withClaims({ nonce: undefined })).toBe(asked);
    for (const nonce of ['stale', '', null, [NONCE], 7]) expect(await withClaims({ nonce })).toBe(stale);
    expect(await withClaims({ nonce: undefined, htm: 'GET' })).toContain('invalid_dpop_proof, wrong_method');
    expect(await withClaims({ nonce: undefined, jti: undefined })).toContain('invalid_dpop_proof, invalid_jti');
  });

  test('where no nonce is required, one that is given must still be ours', async () => {
    const nonce = { ...facts.nonce, required: false };
    expect(await withClaims({ nonce: undefined }, { nonce })).toBe('accepted');
    expect(await withClaims({}, { nonce })).toBe('accepted');
    expect(await withClaims({ nonce: 'stale' }, { nonce })).toContain('use_dpop_nonce, nonce_stale');
  });
});

test('any text is refused, never an error', async () => {
  const part = fc.oneof(fc.base64String(), fc.json().map(encode), fc.constantFrom(encode(HEADER), encode(CLAIMS)));
  const joined = fc.tuple(part, part, part).map((parts) => parts.join('.'));
  const text = fc.oneof(fc.string({ unit: 'binary' }), joined);
  await fc.assert(fc.asyncProperty(text, async (value) => expect((await check(value)).ok).toBe(false)));
});
