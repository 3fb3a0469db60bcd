import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decideRetirement, type RetirementFacts } from './retirement.js';

const SECOND = 1_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2027-01-01T00:00:00Z');
const ago = (milliseconds: number): Date => new Date(NOW - milliseconds);

const facts = (given: Partial<RetirementFacts> & { notBefore?: Date; expiresAt?: Date; age?: number } = {}) => {
  const { notBefore = null, expiresAt = null, age = 90 * DAY, ...rest } = given;
  return {
    credential: { notBefore, expiresAt, createdAt: ago(age) },
    lastUsedAt: ago(2 * DAY),
    othersLastUsedAt: ago(SECOND),
    otherUsableCredentials: 1,
    longestPause: 0,
    silence: DAY,
    lag: 2 * SECOND,
    now: NOW,
    ...rest,
  };
};

describe('decideRetirement', () => {
  test.each([
    ['silent for long, and the client uses another', {}, true, 'while the client used another'],
    ['silent to the second', { lastUsedAt: ago(DAY + 2 * SECOND) }, true, 'silent for 1 d'],
    ['a moment too early', { lastUsedAt: ago(DAY + 2 * SECOND - 1) }, false, 'last used 1 d ago; only 1 d of silence'],
    ['silence without the time a count may take', { lastUsedAt: ago(DAY) }, false, 'last used 1 d ago'],
    ['in use', { lastUsedAt: ago(3 * SECOND) }, false, 'last used 3 s ago'],
    ['used by a clock ahead of ours', { lastUsedAt: ago(-5 * SECOND) }, false, 'last used 0 s ago'],
    ['no other credential', { otherUsableCredentials: 0 }, false, 'no other usable credential'],
    ['the whole client is silent', { othersLastUsedAt: null }, true, 'as has the whole client'],
    ['the other was used before this one only', { othersLastUsedAt: ago(3 * DAY) }, true, 'as has the whole client'],
    ['a weekly job', { longestPause: 7 * DAY }, false, 'paused for 7 d before, so only 8 d of silence'],
    ['a weekly job gone', { longestPause: 7 * DAY, lastUsedAt: ago(9 * DAY) }, true, 'silent for 9 d'],
    ['never used, just made', { lastUsedAt: null, age: HOUR }, false, 'made 1 h ago'],
    ['never used in a long time', { lastUsedAt: null }, true, 'not been used once in the 90 d'],
    ['expired, though used a moment before', { expiresAt: ago(0), lastUsedAt: ago(SECOND) }, true, 'expired at 2027'],
    ['expired, and the last of its client', { expiresAt: ago(1), otherUsableCredentials: 0 }, true, 'proves nothing'],
    ['yet to come', { notBefore: ago(-1), lastUsedAt: null }, false, 'becomes valid at 2027-01-01T00:00:00.001Z'],
  ])('%s', (_what, given, safe, reason) => {
    const verdict = decideRetirement(facts(given));
    expect([verdict.safe, verdict.reason]).toEqual([safe, expect.stringContaining(reason)]);
    expect(verdict.reason).toMatch(/^[A-Z][^.]*(\.\d{3}Z[^.]*)?\.$/);
  });

  test('tells how long it has been silent, and null if it was never used', () => {
    expect(decideRetirement(facts({ lastUsedAt: ago(42) })).silentFor).toBe(42);
    expect(decideRetirement(facts({ lastUsedAt: ago(-42) })).silentFor).toBe(0);
    expect(decideRetirement(facts({ lastUsedAt: null })).silentFor).toBeNull();
  });

  test('a valid credential is never safe before silence and lag are over, nor without another', () => {
    fc.assert(
      fc.property(
        fc.nat(3 * DAY),
        fc.nat(2 * DAY),
        fc.nat(2 * DAY),
        fc.nat(60 * SECOND),
        fc.nat(3),
        (silent, silence, longestPause, lag, otherUsableCredentials) => {
          const { safe } = decideRetirement(
            facts({ lastUsedAt: ago(silent), silence, longestPause, lag, otherUsableCredentials }),
          );
          expect(safe).toBe(otherUsableCredentials > 0 && silent >= Math.max(silence, longestPause * 1.25) + lag);
        },
      ),
    );
  });
});
