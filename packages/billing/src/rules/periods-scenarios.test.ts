import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import {
  boundary,
  type Cycle,
  clip,
  type Interval,
  nthPeriod,
  periodAt,
  periodIndex,
  periodsEnded,
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

describe('the scenarios of billing periods', () => {
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
