import { execFileSync } from 'node:child_process';
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
const days = (of: Cycle, count: number): string[] => starts(of, count).map((start) => start.slice(0, 10));

describe('scenarios', () => {
  test('E01: monthly from the 31st never drifts', () => {
    expect(days(cycle('2024-01-31', every('month')), 6)).toEqual([
      '2024-01-31',
      '2024-02-29',
      '2024-03-31',
      '2024-04-30',
      '2024-05-31',
      '2024-06-30',
    ]);
  });

  test('E02: yearly from a leap day; an instant on the boundary lies in the second period only', () => {
    const yearly = cycle('2024-02-29', every('year'));
    expect(days(yearly, 5)).toEqual(['2024-02-29', '2025-02-28', '2026-02-28', '2027-02-28', '2028-02-29']);
    expect(periodAt(yearly, new Date('2025-02-28T12:00:00Z'))).toEqual({
      index: 1,
      start: new Date('2025-02-28T00:00:00Z'),
      end: new Date('2026-02-28T00:00:00Z'),
    });
  });

  test.each([
    ['E03', every('quarter'), '2022-01-31', '2022-05-31', '2022-04-30'],
    ['E03', every('quarter'), '2022-01-31', '2022-07-30', '2022-04-30'],
    ['E03', every('quarter'), '2022-01-31', '2022-08-15', '2022-07-31'],
    ['E04', every('month', 6), '2021-01-31', '2021-04-30', '2021-01-31'],
    ['E04', every('quarter', 2), '2021-04-30', '2021-11-15', '2021-10-30'],
    ['E05', every('quarter'), '2022-01-29', '2022-02-28', '2022-01-29'],
  ])('%s: %o from %s, asked on %s, began on %s', (_number, interval, anchor, asked, expected) => {
    const { start, end } = periodAt(cycle(anchor, interval), new Date(asked));
    expect(start.toISOString().slice(0, 10)).toBe(expected);
    expect(end > new Date(asked)).toBe(true);
  });

  test('E06: a trial ends the same time of day; the paid periods begin there, or run to the old anchor', () => {
    const start = new Date('2026-04-28T00:00:00Z');
    const paidFrom = trialEnd(start, 7, 'UTC');
    expect(paidFrom).toEqual(new Date('2026-05-05T00:00:00Z'));
    const anew = periodAt({ anchor: paidFrom, interval: every('month'), timeZone: 'UTC' }, paidFrom);
    expect(anew).toEqual({ index: 0, start: paidFrom, end: new Date('2026-06-05T00:00:00Z') });
    const kept = periodAt({ anchor: start, interval: every('month'), timeZone: 'UTC' }, paidFrom);
    expect(clip(kept, { start: paidFrom, end: null })).toEqual({
      start: paidFrom,
      end: new Date('2026-05-28T00:00:00Z'),
    });
  });

  test('E08: what holds for three periods from a boundary in February holds for exactly three', () => {
    const monthly = cycle('2026-01-31', every('month'));
    const first = periodIndex(monthly, new Date('2026-02-28T00:00:00Z'));
    const three = [0, 1, 2].map((offset) => nthPeriod(monthly, first + offset));
    expect(three.map(({ start }) => start.toISOString().slice(0, 10))).toEqual([
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
    ]);
  });

  test('E10: usage in New York falls into the month of New York', () => {
    const monthly = cycle('2023-03-01', every('month'), 'America/New_York');
    const usage = [
      '2023-03-01T04:00',
      '2023-03-15T00:00',
      '2023-03-31T23:59',
      '2023-04-01T00:00',
      '2023-04-01T00:01',
      '2023-04-15T00:00',
      '2023-04-30T23:59',
      '2023-05-01T00:00',
      '2023-05-01T00:01',
    ].map((text) => periodIndex(monthly, local(text, 'America/New_York')));
    expect(usage).toEqual([0, 0, 0, 1, 1, 1, 1, 2, 2]);
  });

  test('E11: months in New York have 743 and 721 hours when the clock changes', () => {
    const monthly = cycle('2026-03-01', every('month'), 'America/New_York');
    const march = nthPeriod(monthly, 0);
    expect(march).toEqual({ index: 0, start: new Date('2026-03-01T05:00:00Z'), end: new Date('2026-04-01T04:00:00Z') });
    const hours = [0, 8].map((index) => {
      const { start, end } = nthPeriod(monthly, index);
      return (end.getTime() - start.getTime()) / 3_600_000;
    });
    expect(hours).toEqual([743, 721]);
  });

  test('E12: a boundary at a midnight that does not exist in Cairo', () => {
    const daily = cycle('2026-04-23', every('day'), 'Africa/Cairo');
    expect(starts(daily, 3)).toEqual([
      '2026-04-22T22:00:00.000Z',
      '2026-04-23T22:00:00.000Z',
      '2026-04-24T21:00:00.000Z',
    ]);
    const monthly = cycle('2026-03-24', every('month'), 'Africa/Cairo');
    expect(periodAt(monthly, new Date('2026-04-23T22:00:00Z')).index).toBe(1);
    expect(periodAt(monthly, new Date('2026-04-23T21:59:59.999Z')).index).toBe(0);
  });

  test('E13: two runs of a job, before and after midnight of Paris, find one period that ended', () => {
    const weekly = cycle('2022-05-23', every('week'), 'Europe/Paris');
    const first = periodsEnded(weekly, weekly.anchor, new Date('2022-05-30T20:00:00Z'));
    expect(first).toEqual([nthPeriod(weekly, 0)]);
    expect(periodsEnded(weekly, nthPeriod(weekly, 0).end, new Date('2022-05-30T23:00:00Z'))).toEqual([]);
  });

  test('E15: a year that begins late in the evening of UTC-8 ends on that local date', () => {
    const anchor = new Date('2013-01-20T07:30:42Z');
    const { start, end } = nthPeriod({ anchor, interval: every('year'), timeZone: 'Etc/GMT+8' }, 0);
    const dates = [start, end].map((at) =>
      new Intl.DateTimeFormat('sv-SE', { timeZone: 'Etc/GMT+8', dateStyle: 'short' }).format(at),
    );
    expect(dates).toEqual(['2013-01-19', '2014-01-19']);
    expect(end).toEqual(new Date('2014-01-20T07:30:42Z'));
  });

  test('E17: processes in other time zones compute the same, and a second run finds nothing to do', () => {
    const program = `
      const { periodsEnded } = await import(${JSON.stringify(new URL('./periods.ts', import.meta.url).href)});
      const cycle = { anchor: new Date('2026-01-31T05:00:00Z'), interval: { unit: 'month', count: 1 }, timeZone: 'America/New_York' };
      const now = new Date('2026-07-01T03:30:00Z');
      const ended = periodsEnded(cycle, cycle.anchor, now);
      const again = periodsEnded(cycle, ended.at(-1).end, now);
      console.log(JSON.stringify({ offset: new Date(0).getTimezoneOffset(), ended, again }));`;
    const inZone = (TZ: string) =>
      JSON.parse(
        execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
          env: { ...process.env, TZ, NODE_OPTIONS: '' },
          encoding: 'utf8',
        }),
      );
    const [west, east] = [inZone('America/Los_Angeles'), inZone('Pacific/Kiritimati')];
    expect(west.offset).not.toBe(east.offset);
    expect(west.ended).toHaveLength(5);
    expect(west.again).toEqual([]);
    expect(west.ended).toEqual(east.ended);
  });
});

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
