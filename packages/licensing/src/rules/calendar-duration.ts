import type { LicenseDuration } from '@bastionary/contracts/license-policies';

const DAY = 86_400_000;
// The last instant that RFC 3339 can write.
const END_OF_TIME = Date.parse('9999-12-31T23:59:59.999Z');
const PARTS = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/;

/**
 * The instant that lies a duration after another. Seconds are exactly so many. Years and months go by the calendar in UTC,
 * the time of day kept, and end on the last day of a shorter month (Jan 31 + P1M = Feb 28 or 29); weeks and days are then
 * added. Nothing lies beyond the year 9999.
 * @param duration seconds, or ISO 8601 years, months, weeks and days as contracts/license-policies reads it
 */
export function addDuration(at: Date, duration: LicenseDuration): Date {
  if (typeof duration === 'number') return bounded(at.getTime() + duration * 1_000);
  const [years = 0, months = 0, weeks = 0, days = 0] = PARTS.exec(duration)?.slice(1).map(toCount) ?? [];
  return bounded(addMonths(at, years * 12 + months).getTime() + (weeks * 7 + days) * DAY);
}

/** The same day so many months on, or the last of that month if it is shorter. UTC. */
export function addMonths(at: Date, months: number): Date {
  const firstOfMonth = new Date(at);
  firstOfMonth.setUTCDate(1);
  firstOfMonth.setUTCMonth(at.getUTCMonth() + months);
  const lastDay = new Date(firstOfMonth);
  // Day 0 of the next month.
  lastDay.setUTCMonth(firstOfMonth.getUTCMonth() + 1, 0);
  firstOfMonth.setUTCDate(Math.min(at.getUTCDate(), lastDay.getUTCDate()));
  return firstOfMonth;
}

const toCount = (digits: string | undefined): number => Number(digits ?? 0);
const bounded = (instant: number): Date => new Date(Math.min(instant, END_OF_TIME));
