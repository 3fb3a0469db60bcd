import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rateLimitFields } from './rate-limit-fields.js';

const client = { name: 'client', quota: 100, windowSeconds: 60, remaining: 50, resetMs: 30_000 };

describe('draft-ietf-httpapi-ratelimit-headers-11', () => {
  test('§3.2, §4.2: one policy', () => {
    expect(rateLimitFields([client])).toEqual({
      'ratelimit-policy': '"client";q=100;w=60',
      ratelimit: '"client";r=50;t=30',
    });
  });

  test('§3: several policies, and a burst as a parameter of our own', () => {
    const day = { name: 'day', quota: 1_000, windowSeconds: 86_400, remaining: 0, resetMs: 1 };
    expect(rateLimitFields([{ ...client, burst: 20 }, day])).toEqual({
      'ratelimit-policy': '"client";q=100;w=60;bastionary-burst=20, "day";q=1000;w=86400',
      ratelimit: '"client";r=50;t=30, "day";r=0;t=1',
    });
  });

  test('a burst of the same number says nothing new', () => {
    expect(rateLimitFields([{ ...client, burst: 100 }])['ratelimit-policy']).toBe('"client";q=100;w=60');
  });

  test('whole numbers of at most 15 digits; seconds rounded up, never 0', () => {
    const number = fc.double({ min: -1, max: 1e300, noNaN: true });
    fc.assert(
      fc.property(number, number, number, number, (quota, windowSeconds, remaining, resetMs) => {
        const fields = rateLimitFields([{ name: 'x', quota, windowSeconds, remaining, resetMs }]);
        expect(fields['ratelimit-policy']).toMatch(/^"x";q=\d{1,15};w=[1-9]\d{0,14}$/);
        expect(fields.ratelimit).toMatch(/^"x";r=\d{1,15};t=[1-9]\d{0,14}$/);
      }),
    );
  });
});
