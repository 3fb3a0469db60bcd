import type { LicenseDuration } from '@bastionary/contracts/license-policies';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { daysFromNow, NOW, termsOf } from '../../test/sample-license.js';
import { addDuration } from './calendar-duration.js';
import {
  expiryAfter,
  type FirstEvent,
  graceEndOf,
  isExpired,
  lifeAt,
  renewedExpiry,
  transferredExpiry,
} from './expiry.js';

const DAY = 86_400;
const at = (instant: string): Date => new Date(instant);

describe('16: durations', () => {
  test.each<[string, LicenseDuration, string]>([
    ['2030-01-31T10:20:30.456Z', 'P1M', '2030-02-28T10:20:30.456Z'],
    ['2032-01-31T00:00:00Z', 'P1M', '2032-02-29T00:00:00.000Z'],
    ['2032-02-29T00:00:00Z', 'P1Y', '2033-02-28T00:00:00.000Z'],
    ['2032-02-29T00:00:00Z', 'P4Y', '2036-02-29T00:00:00.000Z'],
    ['2030-12-31T23:59:59Z', 'P2M', '2031-02-28T23:59:59.000Z'],
    ['2030-01-31T00:00:00Z', 'P1M1D', '2030-03-01T00:00:00.000Z'],
    ['2030-01-01T00:00:00Z', 'P1Y2M3W4D', '2031-03-26T00:00:00.000Z'],
    // The clocks of Europe and America change in March: not these.
    ['2030-03-30T02:30:00Z', 'P1D', '2030-03-31T02:30:00.000Z'],
    ['2030-03-30T02:30:00Z', DAY, '2030-03-31T02:30:00.000Z'],
    // A year of seconds is 365 days, to the second, leap year or not.
    ['2026-11-23T00:00:00Z', 31_536_000, '2027-11-23T00:00:00.000Z'],
    ['2031-11-23T00:00:00Z', 31_536_000, '2032-11-22T00:00:00.000Z'],
    ['9990-01-01T00:00:00Z', 'P999Y', '9999-12-31T23:59:59.999Z'],
  ])('%s + %s = %s', (from, duration, expected) => {
    expect(addDuration(at(from), duration).toISOString()).toBe(expected);
  });

  test('what begins later never ends earlier, and months agree with the calendar', () => {
    const instants = fc.date({ min: at('2020-01-01T00:00:00Z'), max: at('2100-01-01T00:00:00Z'), noInvalidDate: true });
    const durations = fc.oneof(
      fc.integer({ min: DAY, max: 3_153_600_000 }),
      fc.tuple(fc.nat(30), fc.nat(40), fc.nat(60), fc.integer({ min: 1, max: 400 })),
    );
    fc.assert(
      fc.property(instants, instants, durations, (one, other, length) => {
        const duration = Array.isArray(length) ? `P${length[0]}Y${length[1]}M${length[2]}W${length[3]}D` : length;
        const [sooner, later] = one < other ? [one, other] : [other, one];
        expect(addDuration(sooner, duration).getTime()).toBeLessThanOrEqual(addDuration(later, duration).getTime());
        expect(addDuration(sooner, duration).getTime()).toBeGreaterThan(sooner.getTime());
        if (!Array.isArray(length)) return;
        const [years, months, weeks, days] = length;
        const expected = Temporal.Instant.fromEpochMilliseconds(sooner.getTime())
          .toZonedDateTimeISO('UTC')
          .add({ years, months, weeks, days }).epochMilliseconds;
        expect(addDuration(sooner, duration).getTime()).toBe(expected);
      }),
    );
  });
});

describe('when the time of a licence begins', () => {
  const events: FirstEvent[] = ['creation', 'validation', 'activation', 'download', 'use'];
  test.each([
    ['FROM_CREATION', 'creation'],
    ['FROM_FIRST_VALIDATION', 'validation'],
    ['FROM_FIRST_ACTIVATION', 'activation'],
    ['FROM_FIRST_DOWNLOAD', 'download'],
    ['FROM_FIRST_USE', 'use'],
  ] as const)('%s: at the first %s', (expiration_basis, event) => {
    const terms = termsOf({ duration: DAY, expiration_basis });
    const expiries = events.map((one) => expiryAfter(one, terms, null, NOW));
    expect(expiries).toEqual(events.map((one) => (one === event ? daysFromNow(1) : null)));
    expect(expiryAfter(event, terms, daysFromNow(5), NOW)).toEqual(daysFromNow(5));
    expect(expiryAfter(event, termsOf({ expiration_basis }), null, NOW)).toBeNull();
  });
});

test('a licence is expired from the very instant on; its grace ends before the instant it names', () => {
  const terms = termsOf({ grace_duration: 60 });
  const tick = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);
  expect([-0.001, 0, 59.999, 60].map((seconds) => lifeAt(terms, NOW, tick(seconds)))).toEqual([
    'valid',
    'in_grace',
    'in_grace',
    'expired',
  ]);
  expect(isExpired(null, NOW)).toBe(false);
});

test.each(['MAINTAIN_ACCESS', 'ALLOW_ACCESS'] as const)('%s has no grace: it needs none', (expiration_strategy) => {
  expect(graceEndOf(termsOf({ grace_duration: 60, expiration_strategy }), NOW)).toBeNull();
});

describe('15: renewal', () => {
  const expiries = { unexpired: daysFromNow(3), expired: daysFromNow(-3) };
  test.each([
    ['FROM_EXPIRY', 33, 27],
    ['FROM_NOW', 30, 30],
    ['FROM_NOW_IF_EXPIRED', 33, 30],
  ] as const)('%s: unexpired to day %i, expired to day %i', (renewal_basis, unexpired, expired) => {
    const terms = termsOf({ duration: 30 * DAY, renewal_basis });
    expect(renewedExpiry(terms, expiries.unexpired, NOW)).toEqual(daysFromNow(unexpired));
    expect(renewedExpiry(terms, expiries.expired, NOW)).toEqual(daysFromNow(expired));
  });

  test('is refused without a duration, without an expiry, and before the time has begun', () => {
    expect(renewedExpiry(termsOf(), NOW, NOW)).toBe('no_duration');
    expect(renewedExpiry(termsOf({ duration: DAY }), null, NOW)).toBe('never_expires');
    const later = termsOf({ duration: DAY, expiration_basis: 'FROM_FIRST_USE' });
    expect(renewedExpiry(later, null, NOW)).toBe('not_begun');
  });

  test('from expiry it only ever adds time; from now it lasts from now; later is never sooner', () => {
    const bases = ['FROM_EXPIRY', 'FROM_NOW', 'FROM_NOW_IF_EXPIRED'] as const;
    const duration = fc.constantFrom<LicenseDuration>(DAY, 30 * DAY, 'P1M', 'P1Y');
    const days = fc.integer({ min: -500, max: 500 });
    fc.assert(
      fc.property(fc.constantFrom(...bases), duration, days, days, fc.nat(100), (basis, length, expiry, now, wait) => {
        const terms = termsOf({ duration: length, renewal_basis: basis });
        const [then, today, later] = [daysFromNow(expiry), daysFromNow(now), daysFromNow(now + wait)];
        const renewed = renewedExpiry(terms, then, today) as Date;
        if (basis !== 'FROM_NOW') expect(renewed.getTime()).toBeGreaterThan(then.getTime());
        if (basis !== 'FROM_EXPIRY') expect(renewed.getTime()).toBeGreaterThan(today.getTime());
        expect((renewedExpiry(terms, then, later) as Date).getTime()).toBeGreaterThanOrEqual(renewed.getTime());
      }),
    );
  });
});

describe('30: transfer', () => {
  const from = termsOf({ duration: 30 * DAY });
  const to = {
    KEEP: termsOf({ duration: 'P1Y' }),
    RESET: termsOf({ duration: 'P1Y', transfer_strategy: 'RESET_EXPIRY' }),
  };
  test('KEEP_EXPIRY keeps it, also under a policy without a duration', () => {
    expect(transferredExpiry(from, to.KEEP, daysFromNow(3), NOW)).toEqual(daysFromNow(3));
    expect(transferredExpiry(from, termsOf(), daysFromNow(3), NOW)).toEqual(daysFromNow(3));
  });

  test('RESET_EXPIRY begins anew, and to a policy without a duration it never expires', () => {
    expect(transferredExpiry(from, to.RESET, daysFromNow(-3), NOW)).toEqual(at('2031-06-15T12:00:00Z'));
    expect(transferredExpiry(from, termsOf({ transfer_strategy: 'RESET_EXPIRY' }), daysFromNow(3), NOW)).toBeNull();
  });

  test('who had not begun begins as the new policy says', () => {
    const waiting = termsOf({ duration: DAY, expiration_basis: 'FROM_FIRST_USE' });
    expect(transferredExpiry(waiting, to.KEEP, null, NOW)).toEqual(at('2031-06-15T12:00:00Z'));
    expect(transferredExpiry(waiting, termsOf({ ...waiting, duration: 'P1M' }), null, NOW)).toBeNull();
    expect(transferredExpiry(waiting, termsOf(), null, NOW)).toBeNull();
  });
});
