import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Cycle, clip, periodAt } from './periods.js';
import { shareByDay, shareByTime } from './proration.js';
import type { Share } from './share.js';

const at = (text: string): Date => new Date(text);
const monthly = (anchor: string, timeZone = 'UTC'): Cycle => ({
  anchor: at(anchor),
  interval: { unit: 'month', count: 1 },
  timeZone,
});
/** So many minor units of a price, where the share leaves no fraction; else rounded half up. */
const of = (price: bigint, { numerator, denominator }: Share): bigint =>
  (2n * price * numerator + denominator) / (2n * denominator);
const between = (start: string, end: string) => ({ start: at(start), end: at(end) });

describe('by time', () => {
  test('E11: 170 of 743 hours of March in New York were used; 573.00 of 743.00 come back', () => {
    const march = periodAt(monthly('2026-03-01T05:00:00Z', 'America/New_York'), at('2026-03-08T07:00:00Z'));
    const hour = 3_600_000n;
    expect(shareByTime(march, between('2026-03-01T05:00:00Z', '2026-03-08T07:00:00Z'))).toEqual({
      numerator: 170n * hour,
      denominator: 743n * hour,
    });
    expect(of(743_00n, shareByTime(march, { ...march, start: at('2026-03-08T07:00:00Z') }))).toBe(573_00n);
  });

  test('E15: who cancels at the end of the term used all of it: nothing is credited', () => {
    const cycle: Cycle = {
      anchor: at('2013-01-20T07:30:42Z'),
      interval: { unit: 'year', count: 1 },
      timeZone: 'Etc/GMT+8',
    };
    const year = periodAt(cycle, cycle.anchor);
    const rest = { start: year.end, end: year.end };
    expect(of(39_90n, shareByTime(year, rest))).toBe(0n);
    expect(of(39_90n, shareByDay(year, rest, cycle.timeZone))).toBe(0n);
  });

  test('E19: after one of thirty days, 4.83 come back and 19.33 are charged', () => {
    const april = periodAt(monthly('2026-04-01T00:00:00Z'), at('2026-04-02T00:00:00Z'));
    const rest = shareByTime(april, { ...april, start: at('2026-04-02T00:00:00Z') });
    expect([of(5_00n, rest), of(20_00n, rest)]).toEqual([4_83n, 19_33n]);
  });

  test('E24: a change at the start takes all of the period, at its end none, outside it none', () => {
    const april = periodAt(monthly('2026-04-01T00:00:00Z'), at('2026-04-02T00:00:00Z'));
    const whole = shareByTime(april, { start: april.start, end: at('2027-01-01T00:00:00Z') });
    expect(whole.numerator).toBe(whole.denominator);
    expect(shareByTime(april, { start: april.end, end: april.end }).numerator).toBe(0n);
    expect(shareByTime(april, between('2025-01-01T00:00:00Z', '2025-02-01T00:00:00Z')).numerator).toBe(0n);
  });
});

describe('by day', () => {
  test('E18: the denominator is the whole quarter: 32 of 91 days', () => {
    const quarter = periodAt(
      { ...monthly('2024-04-15T00:00:00Z'), interval: { unit: 'quarter', count: 1 } },
      at('2024-06-01T00:00:00Z'),
    );
    const share = shareByDay(quarter, between('2024-05-20T00:00:00Z', '2024-06-21T00:00:00Z'), 'UTC');
    expect(share).toEqual({ numerator: 32n, denominator: 91n });
    expect(of(91_000n, share)).toBe(32_000n);
  });

  test('E23: paid from the sixth of April, 25 of 30 days', () => {
    const april = periodAt(monthly('2026-04-01T00:00:00Z'), at('2026-04-06T00:00:00Z'));
    const paid = clip(april, { start: at('2026-04-06T00:00:00Z'), end: null }) ?? april;
    expect(of(50_00n, shareByDay(april, paid, 'UTC'))).toBe(41_67n);
  });

  test('E27: from the fourth of February in a leap year, 26 of 29 days', () => {
    const february = periodAt(monthly('2024-02-01T00:00:00Z'), at('2024-02-04T00:00:00Z'));
    const share = shareByDay(february, { ...february, start: at('2024-02-04T10:00:00Z') }, 'UTC');
    expect(share).toEqual({ numerator: 26n, denominator: 29n });
    expect(of(2_000_00n, share)).toBe(1_793_10n);
  });

  test('a day is one of the contract, also where it has 23 hours', () => {
    const march = periodAt(monthly('2026-03-01T05:00:00Z', 'America/New_York'), at('2026-03-08T07:00:00Z'));
    const share = shareByDay(march, between('2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z'), 'America/New_York');
    expect(share).toEqual({ numerator: 1n, denominator: 31n });
  });
});

test('parts that make up a period add up to it, however it is cut', () => {
  const cuts = fc.array(fc.date({ min: at('2026-01-15'), max: at('2026-06-15'), noInvalidDate: true }), {
    maxLength: 6,
  });
  const zone = fc.constantFrom('UTC', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu');
  fc.assert(
    fc.property(cuts, zone, fc.integer({ min: 0, max: 86_399 }), (instants, timeZone, second) => {
      const anchor = new Date(Date.UTC(2026, 0, 31) + second * 1_000);
      const period = periodAt({ anchor, interval: { unit: 'quarter', count: 1 }, timeZone }, anchor);
      const seams = [period.start, ...instants, period.end].sort((a, b) => a.getTime() - b.getTime());
      const parts = seams.slice(1).map((end, index) => ({ start: seams[index] ?? end, end }));
      for (const share of [
        (part: typeof period | (typeof parts)[number]) => shareByTime(period, part),
        (part: typeof period | (typeof parts)[number]) => shareByDay(period, part, timeZone),
      ]) {
        const shares = parts.map(share);
        expect(shares.reduce((sum, { numerator }) => sum + numerator, 0n)).toBe(share(period).denominator);
      }
    }),
  );
});
