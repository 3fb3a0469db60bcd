import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { charge, type RateLimit, take } from './token-bucket.js';

const FIVE_A_SECOND: RateLimit = { requests: 5, perSeconds: 1, burst: 10 };

/** How many of these moments are allowed, and when. */
function allowedOf(limit: RateLimit, moments: readonly number[]): number[] {
  let fullAt: number | undefined;
  return moments.filter((now) => {
    const taken = take(fullAt, limit, now);
    fullAt = taken.fullAt;
    return taken.allowed;
  });
}

describe('take', () => {
  test('a full bucket gives its burst at once, then one per interval', () => {
    const atOnce = allowedOf(FIVE_A_SECOND, Array(30).fill(1_000));
    expect(atOnce).toHaveLength(10);
    const later = allowedOf(FIVE_A_SECOND, [...Array(30).fill(1_000), 1_199, 1_200, 1_201, 1_400]);
    expect(later.slice(10)).toEqual([1_200, 1_400]);
  });

  test('says what is left, when the next is possible and when it is full again', () => {
    expect(take(undefined, FIVE_A_SECOND, 1_000)).toEqual({
      allowed: true,
      fullAt: 1_200,
      remaining: 9,
      retryAfterMs: 0,
      resetMs: 200,
    });
    expect(take(3_000, FIVE_A_SECOND, 1_000)).toEqual({
      allowed: false,
      fullAt: 3_000,
      remaining: 0,
      retryAfterMs: 200,
      resetMs: 2_000,
    });
    expect(take(2_000, FIVE_A_SECOND, 1_000, 6)).toMatchObject({ allowed: false, remaining: 5, retryAfterMs: 200 });
  });

  test('more than the burst is never possible at once', () => {
    expect(take(undefined, FIVE_A_SECOND, 0, 11).allowed).toBe(false);
    expect(take(undefined, FIVE_A_SECOND, 0, 10).allowed).toBe(true);
  });

  test.each([
    { requests: 100, perSeconds: 60, burst: 100 },
    { requests: 1, perSeconds: 3_600, burst: 1 },
    { requests: 10_000, perSeconds: 1, burst: 20_000 },
    { requests: 7, perSeconds: 3, burst: 2 },
  ])('exact over a long time: $requests in $perSeconds s, burst $burst', (limit) => {
    const steps = 40_000;
    // Three times as many as are allowed, from a moment in which fractions have little room.
    const step = (limit.perSeconds * 1_000) / limit.requests / 3;
    const allowed = allowedOf(
      limit,
      Array.from({ length: steps }, (_, index) => 1e9 + index * step),
    );
    const due = Math.min(steps, limit.burst + (steps - 1) / 3);
    expect(Math.abs(allowed.length - due)).toBeLessThanOrEqual(Math.max(1, due * 0.0001));
  });
});

const limits = fc.record({
  requests: fc.integer({ min: 1, max: 100_000 }),
  perSeconds: fc.integer({ min: 1, max: 86_400 }),
  burst: fc.integer({ min: 1, max: 50 }),
});
const schedule = fc
  .array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 50, noNaN: true }), fc.integer({ min: 0, max: 90_000 })), {
    minLength: 1,
    maxLength: 300,
  })
  .map((gaps) => {
    let now = 0;
    return gaps.map((gap) => (now += gap));
  });

describe('over any schedule', () => {
  test('no window holds more than burst + rate × t', () => {
    fc.assert(
      fc.property(limits, schedule, (limit, moments) => {
        const allowed = allowedOf(limit, moments);
        for (const [first, from] of allowed.entries()) {
          for (const [offset, until] of allowed.slice(first).entries()) {
            const most = limit.burst + ((until - from) * limit.requests) / (limit.perSeconds * 1_000);
            if (offset + 1 > most + 1e-3) return false;
          }
        }
        return true;
      }),
    );
  });

  test('what is refused would have been too much, and after retryAfterMs is allowed', () => {
    fc.assert(
      fc.property(limits, schedule, (limit, moments) => {
        let fullAt: number | undefined;
        return moments.every((now) => {
          const taken = take(fullAt, limit, now);
          fullAt = taken.fullAt;
          if (taken.allowed) return taken.retryAfterMs === 0;
          const wait = taken.retryAfterMs;
          return taken.remaining === 0 && wait > 0 && take(fullAt, limit, now + wait).allowed;
        });
      }),
    );
  });

  test('a charge is a take that is not asked', () => {
    fc.assert(
      fc.property(limits, schedule, (limit, moments) => {
        let fullAt = 0;
        return moments.every((now) => {
          const taken = take(fullAt, limit, now);
          const charged = charge(fullAt, limit, now);
          fullAt = taken.fullAt;
          return !taken.allowed || charged === taken.fullAt;
        });
      }),
    );
  });
});
