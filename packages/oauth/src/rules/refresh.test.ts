import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatOwn, ownKindOf } from './own-form.js';
import { judgeRefresh, type StoredRefresh, successorOf } from './refresh.js';

const NOW = 1_000_000;
const GRACE = { graceMs: 30_000, retriesMax: 3 };
const stored = (given: Partial<StoredRefresh> = {}): StoredRefresh => ({
  clientId: 'a',
  familyCreatedAt: NOW - 1_000,
  familyExpiresAt: NOW + 60_000,
  familyRevokedAt: null,
  usedAt: null,
  retries: 0,
  ...given,
});

describe('a presented refresh token', () => {
  test.each([
    ['fresh', stored(), 'redeem'],
    ['unknown', undefined, 'invalid refresh_unknown'],
    ['of another client', stored({ clientId: 'b' }), 'invalid refresh_foreign'],
    ['of another client, used long ago', stored({ clientId: 'b', usedAt: 1 }), 'invalid refresh_foreign'],
    ['of a revoked family', stored({ familyRevokedAt: NOW - 5 }), 'invalid refresh_revoked'],
    ['at the end of its family', stored({ familyExpiresAt: NOW }), 'invalid refresh_expired'],
    ['just before the end of its family', stored({ familyExpiresAt: NOW + 1 }), 'redeem'],
    ['used this moment', stored({ usedAt: NOW }), 'retry'],
    ['at the end of the grace', stored({ usedAt: NOW - 30_000 }), 'retry'],
    ['after the grace', stored({ usedAt: NOW - 30_001 }), 'reuse'],
    ['retried too often', stored({ usedAt: NOW - 5, retries: 3 }), 'invalid refresh_retries'],
    ['retried too often, after the grace', stored({ usedAt: NOW - 40_000, retries: 3 }), 'reuse'],
  ])('%s', (_name, row, expected) => {
    const verdict = judgeRefresh(row, 'a', NOW, GRACE);
    expect(verdict.kind === 'invalid' ? `invalid ${verdict.code}` : verdict.kind).toBe(expected);
  });

  test('never redeemed twice, whenever it comes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: NOW }), fc.nat(10), (usedAt, retries) => {
        expect(judgeRefresh(stored({ usedAt, retries }), 'a', NOW, GRACE).kind).not.toBe('redeem');
      }),
    );
  });
});

describe('its successor', () => {
  const pepper = randomBytes(32);
  const token = formatOwn('refresh', randomBytes(32));
  test('is one, of our own form', () => {
    expect(successorOf(pepper, token)).toBe(successorOf(pepper, token));
    expect(ownKindOf(successorOf(pepper, token))).toBe('refresh');
  });
  test('needs the token and the secret of the installation', () => {
    expect(successorOf(randomBytes(32), token)).not.toBe(successorOf(pepper, token));
    expect(successorOf(pepper, formatOwn('refresh', randomBytes(32)))).not.toBe(successorOf(pepper, token));
  });
});
