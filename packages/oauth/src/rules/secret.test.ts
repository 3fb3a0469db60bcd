import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  digestSecret,
  encodeHmacDigest,
  formatSecret,
  isGeneratedSecret,
  parseDigest,
  sameDigest,
  secretHint,
} from './secret.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('a generated secret', () => {
  test('has a prefix scanners find, 43 characters of chance and a checksum, and is its own URL encoding', () => {
    fc.assert(
      fc.property(bytes32, (random) => {
        const secret = formatSecret(random);
        expect(secret).toMatch(/^bst_secret_[0-9A-Za-z]{49}$/);
        expect(encodeURIComponent(secret)).toBe(secret);
        expect(isGeneratedSecret(secret)).toBe(true);
      }),
    );
  });

  test('is always the same for the same bytes: the format never changes under stored secrets', () => {
    expect(formatSecret(new Uint8Array(32))).toBe(
      `bst_secret_${'0'.repeat(43)}${formatSecret(new Uint8Array(32)).slice(-6)}`,
    );
    expect(formatSecret(Uint8Array.from({ length: 32 }, (_, index) => index))).toBe(
      'bst_secret_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf3ydlxi',
    );
  });

  test('keeps all 256 bits: different bytes give different secrets', () => {
    fc.assert(
      fc.property(bytes32, bytes32, (left, right) => {
        fc.pre(Buffer.compare(Buffer.from(left), Buffer.from(right)) !== 0);
        expect(formatSecret(left)).not.toBe(formatSecret(right));
      }),
    );
    const highest = formatSecret(new Uint8Array(32).fill(0xff));
    expect(highest).toHaveLength(60);
    expect(highest).not.toBe(formatSecret(new Uint8Array(32).fill(0xff).with(0, 0xfe)));
  });

  test('with any one character changed is refused offline', () => {
    const secret = formatSecret(randomBytes(32));
    for (let position = 0; position < secret.length; position++) {
      for (const other of ALPHABET) {
        if (other === secret.charAt(position)) continue;
        expect(isGeneratedSecret(secret.slice(0, position) + other + secret.slice(position + 1))).toBe(false);
      }
    }
  });

  test('cut, lengthened, with two neighbours swapped, or with white space is refused', () => {
    fc.assert(
      fc.property(bytes32, fc.nat({ max: 58 }), (random, at) => {
        const secret = formatSecret(random);
        expect(isGeneratedSecret(secret.slice(0, at))).toBe(false);
        expect(isGeneratedSecret(`${secret}0`)).toBe(false);
        expect(isGeneratedSecret(`${secret}\n`)).toBe(false);
        const swapped = secret.slice(0, at) + secret.charAt(at + 1) + secret.charAt(at) + secret.slice(at + 2);
        if (swapped !== secret) expect(isGeneratedSecret(swapped)).toBe(false);
      }),
    );
  });

  test.each(['', 'my_client_secret', 'bst_secret_', `bst_secret_${'0'.repeat(49)}`, `BST_SECRET_${'0'.repeat(49)}`])(
    '%j is not one',
    (text) => {
      expect(isGeneratedSecret(text)).toBe(false);
    },
  );
});

describe('the hint', () => {
  test('shows at most the last four characters', () => {
    const secret = formatSecret(randomBytes(32));
    expect(secretHint(secret)).toBe(`bst_secret_…${secret.slice(-4)}`);
    expect(secretHint('my_client_secret')).toBe('…et');
  });
});

describe('the digest', () => {
  test('depends on pepper and secret, and is compared whole', () => {
    const pepper = randomBytes(32);
    const secret = formatSecret(randomBytes(32));
    const digest = digestSecret(pepper, secret);
    expect(digest).toHaveLength(32);
    expect(sameDigest(digest, digestSecret(pepper, secret))).toBe(true);
    expect(sameDigest(digest, digestSecret(randomBytes(32), secret))).toBe(false);
    expect(sameDigest(digest, digestSecret(pepper, `${secret} `))).toBe(false);
    expect(sameDigest(digest, digest.subarray(0, 31))).toBe(false);
    expect(sameDigest(Buffer.alloc(0), digest)).toBe(false);
  });

  test('is read back as it was stored, with the version of its pepper', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), bytes32, (version, bytes) => {
        const digest = Buffer.from(bytes);
        expect(parseDigest(encodeHmacDigest(version, digest))).toEqual({
          kind: 'hmac',
          pepperVersion: version,
          digest,
        });
      }),
    );
    const phc = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$dGFn';
    expect(parseDigest(phc)).toEqual({ kind: 'argon2id', phc });
  });

  test.each(['', 'plain', 'hmac-sha256$1$', 'md5$1$abc', '$argon2i$v=19$x'])('%j is no stored digest', (stored) => {
    expect(() => parseDigest(stored)).toThrow('unknown form');
  });
});
