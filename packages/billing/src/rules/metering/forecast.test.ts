import { describe, expect, test } from '@jest/globals';
import { forecastOf, PROFILE_HOURS } from './forecast.js';

const period = { start: new Date('2026-06-01T00:00:00Z'), end: new Date('2026-07-01T00:00:00Z') };
const flat = (used: string) => Array.from({ length: PROFILE_HOURS }, () => used);

describe('the forecast to the end of a period', () => {
  test.each([
    ['what was used every hour goes on', 'sum', '240', '2026-06-11T00:00:00Z', flat('1'), '720', 'weekly'],
    ['in the middle of an hour, its rest', 'count', '0', '2026-06-30T23:15:00Z', flat('4'), '3', 'weekly'],
    [
      'without four weeks behind it, in proportion',
      'sum',
      '10',
      '2026-06-11T00:00:00Z',
      [...flat('0').slice(1), '9'],
      '30',
      'linear',
    ],
    ['different values, in proportion', 'unique', '10', '2026-06-16T00:00:00Z', flat('1'), '20', 'linear'],
    ['the largest stays', 'max', '12.5', '2026-06-16T00:00:00Z', flat('1'), '12.5', 'held'],
    ['the newest stays', 'latest', '7', '2026-06-16T00:00:00Z', flat('1'), '7', 'held'],
    ['at the very start there is nothing to go by', 'sum', '0', '2026-06-01T00:00:00Z', flat('0'), '0', 'linear'],
  ] as const)('%s', (_name, aggregation, soFar, now, hours, forecast, method) => {
    const facts = { aggregation, period, now: new Date(now), soFar, hours };
    expect(forecastOf(facts)).toEqual({ forecast, method });
  });

  test('weekends are weekends again: the hours of the week come in their order', () => {
    // Usage on Saturdays and Sundays only. 11 June 2026 is a Thursday; three weekends are left in the month, 2 days each.
    const now = new Date('2026-06-11T00:00:00Z');
    const hours = Array.from({ length: PROFILE_HOURS }, (_, place) => {
      const at = new Date(now.getTime() - (PROFILE_HOURS - place) * 3_600_000);
      return [0, 6].includes(at.getUTCDay()) ? '2' : '0';
    });
    const facts = { aggregation: 'sum' as const, period, now, soFar: '100', hours };
    expect(forecastOf(facts)).toEqual({ forecast: String(100 + 3 * 48 * 2), method: 'weekly' });
  });
});
