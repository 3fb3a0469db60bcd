import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { newId } from './ids.js';

const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });

describe('newId', () => {
  test('is a prefix and 26 characters of base32 without i, l, o, u', () => {
    fc.assert(
      fc.property(time, (now) => {
        expect(newId('cli', now)).toMatch(/^cli_[0-9a-hjkmnp-tv-z]{26}$/);
      }),
    );
    expect(newId('cli')).toMatch(/^cli_0[0-9a-hjkmnp-tv-z]{25}$/);
  });

  test('ids of different milliseconds sort by time', () => {
    fc.assert(
      fc.property(time, time, (one, two) => {
        fc.pre(one !== two);
        expect(newId('x', one) < newId('x', two)).toBe(one < two);
      }),
    );
  });

  test('ids of one millisecond are unique', () => {
    const ids = Array.from({ length: 20_000 }, () => newId('x', 1_800_000_000_000));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('is a UUIDv7 (RFC 9562 §5.7) in other letters', () => {
    const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
    fc.assert(
      fc.property(time, (now) => {
        const value = [...newId('x', now).slice(2)].reduce(
          (sum, digit) => sum * 32n + BigInt(alphabet.indexOf(digit)),
          0n,
        );
        expect(value >> 80n).toBe(BigInt(now));
        expect((value >> 76n) & 15n).toBe(7n);
        expect((value >> 62n) & 3n).toBe(2n);
      }),
    );
  });
});
