import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { JWK_SET_KEYS_MAX, readJwk, readJwkSet, usableKeys } from './jwk-set.js';

type Jwk = Record<string, unknown>;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const ed = generateKeyPairSync('ed25519');
const EC = ec.publicKey.export({ format: 'jwk' }) as Jwk;
const RSA = rsa.publicKey.export({ format: 'jwk' }) as Jwk;
const ED = ed.publicKey.export({ format: 'jwk' }) as Jwk;
const freshEc = (): Jwk =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) as Jwk;

const faultsOf = (value: unknown) => {
  const read = readJwkSet(value);
  return read.ok ? [] : read.faults.map(({ path, code }) => `${code} ${path}`);
};

describe('a set to be registered', () => {
  test('keys of all three kinds, with what they say of themselves', () => {
    const keys = [
      { ...EC, kid: 'a', use: 'sig', alg: 'ES256' },
      { ...RSA, kid: 'b', alg: 'PS256', key_ops: ['verify'] },
      { ...ED, alg: 'EdDSA', x5c: ['ignored'], anything: 1 },
    ];
    const read = readJwkSet({ keys, more: 'is ignored' });
    expect(read.ok && read.keys.map(({ key }) => [key.kid, key.alg, key.keyObject.asymmetricKeyType])).toEqual([
      ['a', 'ES256', 'ec'],
      ['b', 'PS256', 'rsa'],
      [null, 'EdDSA', 'ed25519'],
    ]);
    expect(read.ok && read.keys.map(({ publicJwk }) => publicJwk)).toEqual([
      { ...EC, kid: 'a' },
      { ...RSA, kid: 'b' },
      ED,
    ]);
    expect(read.ok && read.keys.every(({ key }) => key.keyObject.type === 'public')).toBe(true);
  });

  test('RFC 9864: Ed25519 is the name of EdDSA that Web Crypto gives', async () => {
    const webKey = await crypto.subtle.importKey('jwk', ED, 'Ed25519', true, ['verify']);
    const read = readJwk({ ...(await crypto.subtle.exportKey('jwk', webKey)), alg: 'Ed25519' }, '');
    expect(read.ok && read.key.alg).toBe('EdDSA');
  });

  test('RFC 7638 §3.1: the thumbprint of the example key', () => {
    const n =
      '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
    const read = readJwk({ kty: 'RSA', n, e: 'AQAB', kid: '2011-04-29' }, '');
    expect(read.ok && read.key.thumbprint).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
  });

  test('RFC 7638 §3.2: the members in order, whatever order they came in', () => {
    for (const [jwk, names] of [
      [EC, ['crv', 'kty', 'x', 'y']],
      [RSA, ['e', 'kty', 'n']],
      [ED, ['crv', 'kty', 'x']],
    ] as const) {
      const input = `{${names.map((name) => `"${name}":"${jwk[name]}"`).join(',')}}`;
      const read = readJwk(Object.fromEntries(Object.entries(jwk).reverse()), '');
      expect(read.ok && read.key.thumbprint).toBe(createHash('sha256').update(input).digest('base64url'));
    }
  });

  test.each<[string, unknown, string[]]>([
    ['null', null, ['invalid_jwk_set /jwks']],
    ['a list', [EC], ['invalid_jwk_set /jwks']],
    ['one key instead of a set', EC, ['invalid_jwk_set /jwks']],
    ['keys that are no list', { keys: { 0: EC } }, ['invalid_jwk_set /jwks']],
    ['no keys', { keys: [] }, ['invalid_jwk_set /jwks/keys']],
    ['too many', { keys: Array(JWK_SET_KEYS_MAX + 1).fill(EC) }, ['invalid_jwk_set /jwks/keys']],
    ['the same key twice', { keys: [EC, { ...EC, kid: 'other' }] }, ['duplicate_key /jwks/keys/1']],
    [
      'one kid for two keys',
      { keys: [{ ...EC, kid: 'a' }, ED, { ...RSA, kid: 'a' }] },
      ['duplicate_kid /jwks/keys/2/kid'],
    ],
    [
      'several faults at once',
      { keys: [EC, null, { ...ED, use: 'enc', alg: 'ES256' }] },
      ['invalid_jwk /jwks/keys/1', 'wrong_use /jwks/keys/2/use', 'wrong_algorithm /jwks/keys/2/alg'],
    ],
  ])('%s', (_what, value, faults) => {
    expect(faultsOf(value)).toEqual(faults);
  });

  test('as many keys as may be', () => {
    expect(faultsOf({ keys: Array.from({ length: JWK_SET_KEYS_MAX }, freshEc) })).toEqual([]);
  });
});

describe('a key that is refused', () => {
  const privates = [ec, rsa, ed].map(({ privateKey }) => privateKey.export({ format: 'jwk' }) as Jwk);
  const small = generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey.export({ format: 'jwk' }) as Jwk;
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' }) as Jwk;
  const x25519 = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' }) as Jwk;
  const zero = (bytes: number) => Buffer.alloc(bytes).toString('base64url');
  const modulus = Buffer.from(RSA.n as string, 'base64url');

  test.each<[string, unknown, string]>([
    ['a private EC key', privates[0], 'private_key /k/d'],
    ['a private RSA key', privates[1], 'private_key /k/d'],
    ['a private Ed25519 key', privates[2], 'private_key /k/d'],
    ['an RSA key with one prime', { ...RSA, p: 'AQAB' }, 'private_key /k/p'],
    ['a private member that is null', { ...EC, d: null }, 'private_key /k/d'],
    ['a shared key', { kty: 'oct', k: 'c2VjcmV0' }, 'private_key /k/k'],
    ['a shared key without its secret', { kty: 'oct' }, 'unsupported_key /k/kty'],
    ['no kty', { ...EC, kty: undefined }, 'unsupported_key /k/kty'],
    ['kty in another case', { ...EC, kty: 'ec' }, 'unsupported_key /k/kty'],
    ['kty as a list', { ...EC, kty: ['EC'] }, 'unsupported_key /k/kty'],
    ['P-384', p384, 'unsupported_key /k/crv'],
    ['secp256k1', { ...EC, crv: 'secp256k1' }, 'unsupported_key /k/crv'],
    ['X25519', x25519, 'unsupported_key /k/crv'],
    ['RSA of 1,024 bits', small, 'weak_key /k/n'],
    ['RSA of 2,047 bits', { ...RSA, n: shifted(modulus) }, 'weak_key /k/n'],
    ['RSA beyond all measure', { ...RSA, n: Buffer.alloc(1_025, 255).toString('base64url') }, 'unsupported_key /k/n'],
    ['a modulus with a leading zero', { ...RSA, n: `AA${RSA.n}` }, 'invalid_key /k/n'],
    ['e of 3', { ...RSA, e: 'Aw' }, 'weak_key /k/e'],
    ['an even e', { ...RSA, e: Buffer.from([1, 0, 2]).toString('base64url') }, 'weak_key /k/e'],
    ['e as long as n', { ...RSA, e: RSA.n }, 'weak_key /k/e'],
    ['no e', { ...RSA, e: undefined }, 'invalid_key /k/e'],
    ['no n', { ...RSA, n: '' }, 'invalid_key /k/n'],
    ['a point that is not on the curve', { ...EC, x: zero(32) }, 'invalid_key /k'],
    ['the point at infinity', { ...EC, x: zero(32), y: zero(32) }, 'invalid_key /k'],
    ['a coordinate too short', { ...EC, x: zero(31) }, 'invalid_key /k/x'],
    ['a coordinate too long', { ...EC, y: zero(33) }, 'invalid_key /k/y'],
    ['a coordinate with padding', { ...EC, x: `${EC.x}=` }, 'invalid_key /k/x'],
    ['a coordinate in plain base64', { ...ED, x: '+'.repeat(43) }, 'invalid_key /k/x'],
    ['a coordinate with spare bits set', { ...ED, x: spare(ED.x as string) }, 'invalid_key /k/x'],
    ['a coordinate that is a number', { ...ED, x: 7 }, 'invalid_key /k/x'],
    ['use enc', { ...EC, use: 'enc' }, 'wrong_use /k/use'],
    ['use null', { ...EC, use: null }, 'wrong_use /k/use'],
    ['key_ops without verify', { ...EC, key_ops: ['sign'] }, 'wrong_use /k/key_ops'],
    ['key_ops that is a text', { ...EC, key_ops: 'verify' }, 'wrong_use /k/key_ops'],
    ['N02: alg of another kind of key', { ...EC, alg: 'PS256' }, 'wrong_algorithm /k/alg'],
    ['RS256', { ...RSA, alg: 'RS256' }, 'wrong_algorithm /k/alg'],
    ['N02: HS256', { ...RSA, alg: 'HS256' }, 'wrong_algorithm /k/alg'],
    ['N01: none', { ...EC, alg: 'none' }, 'wrong_algorithm /k/alg'],
    ['an empty kid', { ...EC, kid: '' }, 'invalid_kid /k/kid'],
    ['N04: kid as a list', { ...EC, kid: ['a'] }, 'invalid_kid /k/kid'],
    ['N04: kid with NUL', { ...EC, kid: 'a\0b' }, 'invalid_kid /k/kid'],
    ['N04: kid of a megabyte', { ...EC, kid: 'a'.repeat(1 << 20) }, 'invalid_kid /k/kid'],
    ['a text', 'key', 'invalid_jwk /k'],
    ['a list', [EC], 'invalid_jwk /k'],
  ])('%s', (_what, jwk, fault) => {
    const read = readJwk(jwk, '/k');
    expect(read.ok ? 'accepted' : read.faults.map(({ path, code }) => `${code} ${path}`).join()).toBe(fault);
  });

  test('what a private key holds is not told again', () => {
    for (const jwk of privates) {
      const read = readJwk(jwk, '/k');
      expect(JSON.stringify(read)).not.toContain(jwk.d);
      expect(read.ok ? '' : read.faults[0]?.message).toContain('Give the public key only');
    }
  });
});

describe('a set that was fetched', () => {
  test('what does not fit is passed over, the rest is used', () => {
    const rsaPrivate = rsa.privateKey.export({ format: 'jwk' });
    const keys = [null, 7, { ...EC, use: 'enc' }, { ...EC, kid: 'a' }, { ...RSA, alg: 'RS256' }, rsaPrivate, ED, EC];
    expect(usableKeys({ keys })?.map(({ kid, alg }) => [kid, alg])).toEqual([
      ['a', 'ES256'],
      [null, 'EdDSA'],
    ]);
  });

  test('no more keys than may be are kept', () => {
    expect(usableKeys({ keys: Array.from({ length: 25 }, freshEc) })).toHaveLength(JWK_SET_KEYS_MAX);
  });

  test.each([null, 7, 'keys', [], {}, { keys: null }, { keys: 'x' }])('%j is no set', (value) => {
    expect(usableKeys(value)).toBeNull();
  });

  test('a set without a usable key is a set', () => {
    expect(usableKeys({ keys: [] })).toEqual([]);
  });
});

test('any JSON is read or refused, never an error, and faults lie where the value lies', () => {
  const member = fc.constantFrom('kty', 'crv', 'x', 'y', 'n', 'e', 'd', 'use', 'key_ops', 'alg', 'kid', '__proto__');
  const jwk = fc.tuple(fc.constantFrom(EC, RSA, ED), member, fc.jsonValue()).map(([key, name, value]) => {
    return Object.defineProperty({ ...key }, name, { value, enumerable: true }) as unknown;
  });
  fc.assert(
    fc.property(fc.oneof(jwk, fc.jsonValue()), (value) => {
      const read = readJwkSet({ keys: [value] });
      if (!read.ok) expect(read.faults.every(({ path }) => path.startsWith('/jwks/keys/0'))).toBe(true);
      expect(usableKeys({ keys: [value] })).toHaveLength(read.ok ? 1 : 0);
    }),
  );
});

function shifted(modulus: Buffer): string {
  const bytes = Buffer.from(modulus);
  bytes[0] = 0x7f;
  return bytes.toString('base64url');
}

function spare(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return text.slice(0, -1) + alphabet.charAt(alphabet.indexOf(text.slice(-1)) ^ 1);
}
