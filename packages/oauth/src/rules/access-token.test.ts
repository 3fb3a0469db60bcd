import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type AccessTokenClaims,
  accessTokenClaims,
  decodeObject,
  signAccessToken,
  TOKEN_LENGTH_MAX,
  type TokenFacts,
  verifyAccessToken,
} from './access-token.js';

const ISSUER = 'https://auth.example';
const KID = 'key-1';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const facts: TokenFacts = {
  issuer: ISSUER,
  clientId: 'my_client_id',
  scope: 'read write',
  audience: 'urn:api:a',
  ttlSeconds: 900,
  notAfter: null,
  credentialId: 'crd_1',
  familyId: undefined,
  jkt: undefined,
  entitlements: undefined,
  jti: 'AAAAAAAAAAAAAAAAAAAAAA',
  now: 1_800_000_000_500,
};
const claims = accessTokenClaims(facts);
const token = await signAccessToken({ kid: KID, privateKey }, claims);
const find = (kid: string): KeyObject | undefined => (kid === KID ? publicKey : undefined);
const verify = (text: string) => verifyAccessToken(text, find, ISSUER);
const faultOf = (text: string) => {
  const verified = verify(text);
  return verified.ok ? 'accepted' : verified.fault;
};

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const HEADER = { alg: 'ES256', typ: 'at+jwt', kid: KID };

/** A token with any header and claims, well signed with our own key: only the content is at fault. */
function forge(header: unknown, payload: unknown = claims, key: KeyObject = privateKey): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

describe('claims', () => {
  test('RFC 9068 §2.2: iss, exp, aud, sub = client_id, iat, jti, scope', () => {
    expect(claims).toEqual({
      iss: ISSUER,
      exp: 1_800_000_900,
      aud: 'urn:api:a',
      sub: 'my_client_id',
      client_id: 'my_client_id',
      iat: 1_800_000_000,
      jti: 'AAAAAAAAAAAAAAAAAAAAAA',
      scope: 'read write',
      cred: 'crd_1',
    });
  });

  test('a token never outlives its client, and is never older than its making', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 1, max: 1e7 }),
        fc.option(fc.integer({ min: 1, max: 1e11 })),
        (now, ttlSeconds, left) => {
          const notAfter = left === null ? null : new Date(now + left);
          const { iat, exp } = accessTokenClaims({ ...facts, now, ttlSeconds, notAfter });
          expect(iat).toBe(Math.floor(now / 1_000));
          expect(exp).toBeGreaterThanOrEqual(iat);
          expect(exp - iat).toBeLessThanOrEqual(ttlSeconds);
          if (notAfter === null) expect(exp - iat).toBe(ttlSeconds);
          else expect(exp * 1_000).toBeLessThanOrEqual(notAfter.getTime());
        },
      ),
    );
  });
});

describe('signing and verifying', () => {
  test('RFC 9068 §2.1: the header is ES256, at+jwt and our key id, and nothing else', () => {
    expect(decodeObject(token.split('.')[0])).toEqual(HEADER);
  });

  test('what was signed is verified, whatever the claims hold', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        text,
        text,
        fc.array(text, { minLength: 1, maxLength: 3 }),
        async (clientId, scope, audience) => {
          const made = accessTokenClaims({ ...facts, clientId, scope, audience });
          expect(verify(await signAccessToken({ kid: KID, privateKey }, made))).toEqual({
            ok: true,
            claims: made,
            kid: KID,
          });
        },
      ),
      { numRuns: 50 },
    );
  });

  test('what the customer may do is in every token of an epoch as it is, whatever its length and the other claims', async () => {
    const json = fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 9 }), fc.jsonValue({ maxDepth: 2 }));
    await fc.assert(
      fc.asyncProperty(json, fc.nat(), fc.string(), async (features, epoch, scope) => {
        const entitlements = { epoch, hash: 'x'.repeat(43), features: JSON.parse(JSON.stringify(features)) };
        for (const jti of ['first', 'second']) {
          const made = accessTokenClaims({ ...facts, entitlements, scope, jti });
          const signed = await signAccessToken({ kid: KID, privateKey }, made);
          expect(verify(signed)).toEqual({ ok: true, claims: made, kid: KID });
        }
      }),
      { numRuns: 100 },
    );
  });

  test('the next epoch stands in the next token', async () => {
    for (const epoch of [1, 2]) {
      const entitlements = { epoch, hash: `hash ${epoch}`, features: { seats: epoch } };
      const signed = await signAccessToken({ kid: KID, privateKey }, { ...claims, entitlements });
      expect(decodeObject(signed.split('.')[1])).toEqual({ ...claims, entitlements });
    }
  });

  test('with any one character changed it is refused', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (let position = 0; position < token.length; position++) {
      const index = alphabet.indexOf(token.charAt(position));
      // The neighbour in the alphabet changes the lowest bit: where spare bits are, it is the same byte in another spelling.
      for (const other of [alphabet.charAt(index ^ 1), alphabet.charAt((index + 33) % 64), '.', '=', '+']) {
        if (other === token.charAt(position)) continue;
        expect(verify(token.slice(0, position) + other + token.slice(position + 1)).ok).toBe(false);
      }
    }
  });

  test('cut anywhere, or with anything added, it is refused', () => {
    for (let length = 0; length < token.length; length++) expect(verify(token.slice(0, length)).ok).toBe(false);
    for (const more of ['A', '=', '.', '.A', '\n', ' ', '\0']) expect(verify(token + more).ok).toBe(false);
    for (const before of ['A', ' ', '.', '\ufeff']) expect(verify(before + token).ok).toBe(false);
  });

  test('the parts of two tokens do not make a third', async () => {
    const other = await signAccessToken({ kid: KID, privateKey }, { ...claims, jti: 'other', scope: 'clients:write' });
    const [header, , signature] = token.split('.');
    expect(faultOf(`${header}.${other.split('.')[1]}.${signature}`)).toBe('bad_signature');
  });
});

describe('a token signed with our key is refused for its header', () => {
  test.each<[string, unknown, string]>([
    ['N12: typ JWT', { ...HEADER, typ: 'JWT' }, 'wrong_type'],
    ['N12: typ of a client assertion', { ...HEADER, typ: 'client-authentication+jwt' }, 'wrong_type'],
    ['typ in another case', { ...HEADER, typ: 'AT+JWT' }, 'wrong_type'],
    ['no typ', { alg: 'ES256', kid: KID }, 'wrong_type'],
    ['N01: alg none', { ...HEADER, alg: 'none' }, 'wrong_algorithm'],
    ['N01: alg nOnE', { ...HEADER, alg: 'nOnE' }, 'wrong_algorithm'],
    ['no alg', { typ: 'at+jwt', kid: KID }, 'wrong_algorithm'],
    ['N02: alg HS256', { ...HEADER, alg: 'HS256' }, 'wrong_algorithm'],
    ['alg ES384', { ...HEADER, alg: 'ES384' }, 'wrong_algorithm'],
    ['alg as a list', { ...HEADER, alg: ['ES256'] }, 'wrong_algorithm'],
    ['no kid', { alg: 'ES256', typ: 'at+jwt' }, 'unknown_key'],
    ['N04: another kid', { ...HEADER, kid: 'key-2' }, 'unknown_key'],
    ['N04: kid as a list', { ...HEADER, kid: [KID] }, 'unknown_key'],
    ['N04: kid of the prototype', { ...HEADER, kid: '__proto__' }, 'unknown_key'],
    ['N04: kid as a path', { ...HEADER, kid: '../../dev/null' }, 'unknown_key'],
    ['N05: crit', { ...HEADER, crit: ['b64'], b64: false }, 'malformed'],
    ['N05: an empty crit', { ...HEADER, crit: [] }, 'malformed'],
    ['N05: zip', { ...HEADER, zip: 'DEF' }, 'malformed'],
    ['a list', [HEADER], 'malformed'],
    ['null', null, 'malformed'],
    ['a text', 'ES256', 'malformed'],
  ])('%s', (_what, header, fault) => {
    expect(faultOf(forge(header))).toBe(fault);
  });
});

describe('a token signed with another key is refused', () => {
  const strangerJwk = stranger.publicKey.export({ format: 'jwk' });
  test.each<[string, Record<string, unknown>]>([
    ['under our kid', HEADER],
    ['N03: with its own key as jwk', { ...HEADER, jwk: strangerJwk }],
    ['N03: with jku', { ...HEADER, jku: 'http://127.0.0.1:9/jwks.json' }],
    ['N03: with x5u', { ...HEADER, x5u: 'http://127.0.0.1:9/cert.pem' }],
  ])('%s', (_what, header) => {
    expect(faultOf(forge(header, claims, stranger.privateKey))).toBe('bad_signature');
  });

  test('N01: without any signature', () => {
    const unsigned = `${encode({ ...HEADER, alg: 'none' })}.${encode(claims)}.`;
    expect([faultOf(unsigned), faultOf(unsigned.slice(0, -1))]).toEqual(['malformed', 'malformed']);
    expect(faultOf(`${encode(HEADER)}.${encode(claims)}.${'A'.repeat(86)}`)).toBe('bad_signature');
  });

  test('N02: with our public key as the HMAC key', () => {
    const input = `${encode({ ...HEADER, alg: 'HS256' })}.${encode(claims)}`;
    const forms = [
      publicKey.export({ format: 'pem', type: 'spki' }),
      publicKey.export({ format: 'der', type: 'spki' }),
      JSON.stringify(publicKey.export({ format: 'jwk' })),
    ];
    for (const key of forms) {
      const mac = createHmac('sha256', key).update(input).digest();
      expect(verify(`${input}.${mac.toString('base64url')}`).ok).toBe(false);
      expect(verify(`${input}.${Buffer.concat([mac, mac]).toString('base64url')}`).ok).toBe(false);
    }
  });
});

describe('claims at fault, well signed', () => {
  test.each<[string, Partial<Record<keyof AccessTokenClaims, unknown>>, string]>([
    ['another issuer', { iss: 'https://other.example' }, 'wrong_issuer'],
    ['an issuer with a slash more', { iss: `${ISSUER}/` }, 'wrong_issuer'],
    ['N09: no exp', { exp: undefined }, 'malformed'],
    ['N09: exp as a text', { exp: '1800000900' }, 'malformed'],
    ['N09: exp as a fraction', { exp: 1.5 }, 'malformed'],
    ['N09: exp past all numbers', { exp: 1e20 }, 'malformed'],
    ['no iat', { iat: undefined }, 'malformed'],
    ['no jti', { jti: undefined }, 'malformed'],
    ['no client_id', { client_id: undefined }, 'malformed'],
    ['scope as a list', { scope: ['read'] }, 'malformed'],
    ['no aud', { aud: undefined }, 'malformed'],
    ['an empty aud', { aud: [] }, 'malformed'],
    ['aud with a number', { aud: ['a', 1] }, 'malformed'],
  ])('%s', (_what, change, fault) => {
    expect(faultOf(forge(HEADER, { ...claims, ...change }))).toBe(fault);
  });

  test.each([null, [], 'text', 7])('a payload of %j is malformed', (payload) => {
    expect(faultOf(forge(HEADER, payload))).toBe('malformed');
  });

  test('N05: what is longer than a token may be is refused before it is read', () => {
    const long = forge(HEADER, { ...claims, scope: 'x'.repeat(TOKEN_LENGTH_MAX) });
    expect(faultOf(long)).toBe('malformed');
  });

  test('any text is refused or accepted, never an error', () => {
    const part = fc.oneof(
      fc.base64String(),
      fc.json().map((text) => Buffer.from(text).toString('base64url')),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.tuple(part, part, part).map((parts) => parts.join('.')),
        ),
        (text) => {
          expect(verify(text).ok).toBe(false);
        },
      ),
    );
  });
});
