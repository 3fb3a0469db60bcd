import { describe, expect, test } from '@jest/globals';
import { boundary, type Interval, periodsWithin } from './periods.js';

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
];
// Ten years with three leap days, the day that Samoa skipped, and midnights that São Paulo and Cairo skipped.
const FIRST_YEAR = 2008;
const DAYS = Array.from({ length: 31 }, (_, index) => index + 1);

const instant = (year: number, month: number, day: number, timeZone: string): Date =>
  new Date(new Temporal.PlainDateTime(year, month, day).toZonedDateTime(timeZone).epochMilliseconds);

/** The day of the month without the calendar under test: the last of a short one. */
const expectedDay = (anchorDay: number, monthsLater: number): number =>
  Math.min(anchorDay, new Date(Date.UTC(FIRST_YEAR, monthsLater + 1, 0)).getUTCDate());

describe.each(ZONES)('ten years in %s', (timeZone) => {
  const dayOf = new Intl.DateTimeFormat('en', { timeZone, day: 'numeric' });

  test('from every day of the month, months tile and fall on that day or the last', () => {
    const wrong: string[] = [];
    for (const day of DAYS) {
      const anchor = instant(FIRST_YEAR, 1, day, timeZone);
      const cycle = { anchor, interval: { unit: 'month', count: 1 }, timeZone } as const;
      const span = { start: anchor, end: instant(FIRST_YEAR + 10, 1, day, timeZone) };
      let end = span.start;
      let count = 0;
      for (const period of periodsWithin(cycle, span)) {
        const isTile = period.start.getTime() === end.getTime() && period.start < period.end && period.index === count;
        const isSkipped = timeZone === 'Pacific/Apia' && day === 30 && count === 47;
        const wanted = isSkipped ? 31 : expectedDay(day, count);
        if (!isTile || dayOf.format(period.start) !== String(wanted)) {
          wrong.push(`${day}: ${period.index} ${period.start.toISOString()}`);
        }
        end = period.end;
        count++;
      }
      if (count !== 120 || end.getTime() !== span.end.getTime()) wrong.push(`${day}: ${count} periods`);
    }
    expect(wrong).toEqual([]);
  });

  test.each<Interval>([
    { unit: 'day', count: 1 },
    { unit: 'week', count: 1 },
    { unit: 'week', count: 2 },
    { unit: 'quarter', count: 1 },
    { unit: 'month', count: 5 },
    { unit: 'year', count: 1 },
  ])('from the 31st, every $count $unit: they tile', (interval) => {
    const cycle = { anchor: instant(FIRST_YEAR, 1, 31, timeZone), interval, timeZone };
    const periods = [...periodsWithin(cycle, { start: cycle.anchor, end: instant(FIRST_YEAR + 10, 1, 31, timeZone) })];
    const seams = periods.filter(
      ({ start }, at) => start.getTime() !== (periods[at - 1]?.end ?? cycle.anchor).getTime(),
    );
    expect(seams).toEqual([]);
    expect(periods.filter(({ start, end }) => start >= end)).toEqual([]);
    expect(periods.filter(({ index, start }) => start.getTime() !== boundary(cycle, index).getTime())).toEqual([]);
  });
});
