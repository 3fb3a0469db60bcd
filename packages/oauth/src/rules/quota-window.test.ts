import { describe, expect, test } from '@jest/globals';
import { quotaWindows } from './quota-window.js';

const at = (text: string) => Date.parse(text);

describe('quotaWindows', () => {
  test.each([
    [
      '2026-11-23T14:30:00.500Z',
      '2026-11-23T14:00:00Z',
      '2026-11-23T15:00:00Z',
      '2026-11-23T00:00:00Z',
      '2026-11-24T00:00:00Z',
    ],
    [
      '2026-12-31T23:59:59.999Z',
      '2026-12-31T23:00:00Z',
      '2027-01-01T00:00:00Z',
      '2026-12-31T00:00:00Z',
      '2027-01-01T00:00:00Z',
    ],
    [
      '2027-01-01T00:00:00.000Z',
      '2027-01-01T00:00:00Z',
      '2027-01-01T01:00:00Z',
      '2027-01-01T00:00:00Z',
      '2027-01-02T00:00:00Z',
    ],
  ])('%s lies in hour %s to %s and day %s to %s', (now, hour, hourEnd, day, dayEnd) => {
    expect(quotaWindows({ perHour: 10, perDay: 100, enforce: true }, at(now))).toEqual([
      { name: 'hour', quota: 10, seconds: 3_600, start: at(hour), end: at(hourEnd) },
      { name: 'day', quota: 100, seconds: 86_400, start: at(day), end: at(dayEnd) },
    ]);
  });

  test('only those the quota speaks of; zero is a quota', () => {
    expect(quotaWindows({ perHour: null, perDay: null, enforce: true }, 0)).toEqual([]);
    expect(quotaWindows({ perHour: 0, perDay: null, enforce: false }, 0).map(({ name }) => name)).toEqual(['hour']);
    expect(quotaWindows({ perHour: null, perDay: 5, enforce: false }, 0).map(({ name }) => name)).toEqual(['day']);
  });
});
