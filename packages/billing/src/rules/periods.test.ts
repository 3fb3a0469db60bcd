import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  boundary,
  type Cycle,
  clip,
  cycleAfter,
  type Interval,
  nthPeriod,
  periodAt,
  periodIndex,
  periodsEnded,
  periodsWithin,
  trialEnd,
} from './periods.js';

const every = (unit: Interval['unit'], count = 1): Interval => ({ unit, count });
const local = (text: string, timeZone: string): Date =>
  new Date(Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone).epochMilliseconds);
const cycle = (anchor: string, interval: Interval, timeZone = 'UTC'): Cycle => ({
  anchor: local(anchor, timeZone),
  interval,
  timeZone,
});
const starts = (of: Cycle, count: number): string[] =>
  Array.from({ length: count }, (_, index) => boundary(of, index).toISOString());

describe('clocks and calendars', () => {
  test.each<[string, Cycle, string[]]>([
    [
      'a time that the clock skips is that much later',
      cycle('2026-03-28T02:30', every('day'), 'Europe/Berlin'),
      ['2026-03-28T01:30:00.000Z', '2026-03-29T01:30:00.000Z', '2026-03-30T00:30:00.000Z'],
    ],
    [
      'a time that it repeats is the first of the two',
      cycle('2026-10-24T02:30', every('day'), 'Europe/Berlin'),
      ['2026-10-24T00:30:00.000Z', '2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'],
    ],
    [
      'but an anchor at the second of them is where it is',
      { anchor: new Date('2026-10-25T01:30:00Z'), interval: every('day'), timeZone: 'Europe/Berlin' },
      ['2026-10-25T01:30:00.000Z', '2026-10-26T01:30:00.000Z', '2026-10-27T01:30:00.000Z'],
    ],
    [
      'half an hour on Lord Howe',
      cycle('2026-04-04T12:00', every('day'), 'Australia/Lord_Howe'),
      ['2026-04-04T01:00:00.000Z', '2026-04-05T01:30:00.000Z', '2026-04-06T01:30:00.000Z'],
    ],
    [
      'Samoa had no 30 December 2011: the period of that day is empty',
      cycle('2011-12-29', every('day'), 'Pacific/Apia'),
      ['2011-12-29T10:00:00.000Z', '2011-12-30T10:00:00.000Z', '2011-12-30T10:00:00.000Z', '2011-12-31T10:00:00.000Z'],
    ],
    [
      'nor a boundary on it',
      cycle('2011-11-30', every('month'), 'Pacific/Apia'),
      ['2011-11-30T10:00:00.000Z', '2011-12-30T10:00:00.000Z', '2012-01-29T10:00:00.000Z'],
    ],
    [
      'four years from a leap day',
      cycle('2096-02-29', every('year', 4)),
      ['2096-02-29T00:00:00.000Z', '2100-02-28T00:00:00.000Z', '2104-02-29T00:00:00.000Z'],
    ],
  ])('%s', (_what, of, expected) => {
    expect(starts(of, expected.length)).toEqual(expected);
  });

  test('an empty period is not iterated and holds no instant, and the numbers go on', () => {
    const daily = cycle('2011-12-29', every('day'), 'Pacific/Apia');
    const span = { start: daily.anchor, end: new Date('2011-12-31T12:00:00Z') };
    expect([...periodsWithin(daily, span)].map(({ index }) => index)).toEqual([0, 2, 3]);
    expect(periodIndex(daily, new Date('2011-12-30T10:00:00Z'))).toBe(2);
    expect(nthPeriod(daily, 1).start).toEqual(nthPeriod(daily, 1).end);
  });

  test('when the clock goes back over midnight, the day that began stays the one it is', () => {
    const daily = cycle('2010-11-06', every('day'), 'America/St_Johns');
    // 00:01 is followed by 23:01 of the day before.
    expect(nthPeriod(daily, 1).start).toEqual(new Date('2010-11-07T02:30:00Z'));
    expect(periodIndex(daily, new Date('2010-11-07T02:45:00Z'))).toBe(1);
  });

  test('a period has ended at the instant of its end, and not before', () => {
    const monthly = cycle('2026-01-31', every('month'));
    const { end } = nthPeriod(monthly, 0);
    expect(periodsEnded(monthly, monthly.anchor, end)).toEqual([nthPeriod(monthly, 0)]);
    expect(periodsEnded(monthly, monthly.anchor, new Date(end.getTime() - 1))).toEqual([]);
  });

  test('periods before the anchor have negative numbers', () => {
    const monthly = cycle('2026-03-31', every('month'));
    expect(periodAt(monthly, new Date('2026-02-28T00:00:00Z'))).toEqual({
      index: -1,
      start: new Date('2026-02-28T00:00:00Z'),
      end: monthly.anchor,
    });
  });

  test('an empty span has no periods; one of a millisecond has one, whole', () => {
    const monthly = cycle('2026-01-01', every('month'));
    const at = new Date('2026-02-01T00:00:00Z');
    expect([...periodsWithin(monthly, { start: at, end: at })]).toEqual([]);
    expect([...periodsWithin(monthly, { start: at, end: new Date(at.getTime() + 1) })]).toEqual([
      nthPeriod(monthly, 1),
    ]);
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('an interval of %p units is refused', (count) => {
    expect(() => periodAt(cycle('2026-01-01', every('month', count)), new Date(0))).toThrow(
      `An interval must be 1 or more months, not ${count}.`,
    );
  });

  test('an unknown time zone is refused', () => {
    const anchor = new Date(0);
    expect(() => periodAt({ anchor, interval: every('day'), timeZone: 'Europe/Atlantis' }, anchor)).toThrow(
      /time zone/,
    );
  });
});

test('a trial is counted in days of the calendar, whatever their length', () => {
  expect(trialEnd(new Date('2026-03-28T11:00:00Z'), 7, 'Europe/Berlin')).toEqual(new Date('2026-04-04T10:00:00Z'));
  expect(trialEnd(new Date('2026-03-28T11:00:00Z'), 0, 'Europe/Berlin')).toEqual(new Date('2026-03-28T11:00:00Z'));
});

test('clip: what lies in both, or null', () => {
  const span = { start: new Date(10), end: new Date(20) };
  expect(clip(span, { start: new Date(0), end: null })).toEqual(span);
  expect(clip(span, { start: new Date(15), end: new Date(17) })).toEqual({ start: new Date(15), end: new Date(17) });
  expect(clip(span, { start: new Date(20), end: null })).toBeNull();
  expect(clip(span, { start: new Date(0), end: new Date(10) })).toBeNull();
});

test('a change of interval begins anew, a change to the same one moves no boundary', () => {
  const monthly = cycle('2026-01-31', every('month'));
  const at = new Date('2026-02-15T00:00:00Z');
  expect(cycleAfter(monthly, every('month', 1), at)).toBe(monthly);
  expect(cycleAfter(cycle('2026-01-31', every('year')), every('month', 12), at).anchor).toEqual(monthly.anchor);
  expect(cycleAfter(monthly, every('year'), at)).toEqual({ ...monthly, interval: every('year'), anchor: at });
});

const anyCycle: fc.Arbitrary<Cycle> = fc.record({
  anchor: fc.date({ min: new Date('1990-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
  interval: fc.record({
    unit: fc.constantFrom<Interval['unit']>('day', 'week', 'month', 'quarter', 'year'),
    count: fc.integer({ min: 1, max: 40 }),
  }),
  timeZone: fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
});
const anyInstant = fc.date({ min: new Date('1980-01-01'), max: new Date('2060-01-01'), noInvalidDate: true });

describe('for any anchor, interval and time zone', () => {
  test('every instant lies in the one period that is asked for, before the anchor too', () => {
    fc.assert(
      fc.property(anyCycle, anyInstant, (of, at) => {
        const period = periodAt(of, at);
        expect(period.start <= at && at < period.end).toBe(true);
        expect(period).toEqual(nthPeriod(of, period.index));
        expect(periodIndex(of, period.start)).toBe(period.index);
        expect(periodIndex(of, period.end)).toBeGreaterThan(period.index);
        expect(periodIndex(of, new Date(period.end.getTime() - 1))).toBe(period.index);
      }),
      { numRuns: 500 },
    );
  });

  test('a job that comes often or once after years settles the same periods, each once', () => {
    fc.assert(
      fc.property(anyCycle, fc.array(fc.integer({ min: 0, max: 400 * 86_400_000 }), { maxLength: 8 }), (of, waits) => {
        let now = of.anchor;
        let settled = of.anchor;
        const often = waits.flatMap((wait) => {
          now = new Date(now.getTime() + wait);
          const ended = periodsEnded(of, settled, now);
          settled = ended.at(-1)?.end ?? settled;
          return ended;
        });
        expect(often).toEqual(periodsEnded(of, of.anchor, now));
      }),
      { numRuns: 100 },
    );
  });
});
