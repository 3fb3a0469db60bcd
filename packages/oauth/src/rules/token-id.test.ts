import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { issuedAtOf, tokenId } from './token-id.js';

const instant = fc.integer({ min: 0, max: 4_102_444_800_000 });

test('an id tells its millisecond', () => {
  fc.assert(
    fc.property(instant, (now) => {
      const jti = tokenId(randomBytes(32), 16, now);
      expect(jti).toMatch(/^[A-Za-z0-9_-]{22}$/);
      expect(issuedAtOf({ jti, iat: Math.floor(now / 1_000) })).toBe(now);
    }),
  );
});

test('an id of another form, or one that contradicts iat, counts from the start of its second', () => {
  expect(issuedAtOf({ jti: 'abc', iat: 12 })).toBe(12_000);
  expect(issuedAtOf({ jti: tokenId(randomBytes(16), 0, 99_999), iat: 12 })).toBe(12_000);
});

test('ids of one millisecond differ', () => {
  const ids = Array.from({ length: 1_000 }, () => tokenId(randomBytes(16), 0, 1_700_000_000_000));
  expect(new Set(ids).size).toBe(1_000);
});
