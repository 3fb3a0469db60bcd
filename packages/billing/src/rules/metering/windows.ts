import type { UsageWindow } from '@bastionary/contracts/usage-queries';
import type { Span } from '../periods.js';

const MINUTE_MS = 60_000;

/**
 * Cuts a span at the minutes, hours, days, weeks (from Monday on) or months of a time zone. The first and the last may be
 * parts of one. An hour always lasts an hour: where the clock repeats one there are two.
 * @returns null if there are more than `most`
 * @throws RangeError if the time zone is unknown
 */
export function windowsOf(span: Span, window: UsageWindow, timeZone: string, most: number): Span[] | null {
  const windows: Span[] = [];
  let start = span.start.getTime();
  const end = span.end.getTime();
  let next = windowStart(span.start, window, timeZone);
  while (start < end) {
    if (windows.length === most) return null;
    next = after(next, window);
    const until = Math.min(next.epochMilliseconds, end);
    windows.push({ start: new Date(start), end: new Date(until) });
    start = until;
  }
  return windows;
}

/** The whole window that an instant lies in. @throws RangeError as `windowsOf` */
export function windowAt(at: Date, window: UsageWindow, timeZone: string): Span {
  const start = windowStart(at, window, timeZone);
  return { start: new Date(start.epochMilliseconds), end: new Date(after(start, window).epochMilliseconds) };
}

function windowStart(at: Date, window: UsageWindow, timeZone: string): Temporal.ZonedDateTime {
  const wholeMinute = Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS;
  const local = Temporal.Instant.fromEpochMilliseconds(wholeMinute).toZonedDateTimeISO(timeZone);
  if (window === 'minute') return local;
  // Not to the full hour by the clock, which may have jumped within it.
  if (window === 'hour') return local.subtract({ minutes: local.minute });
  const day = local.toPlainDate();
  if (window === 'day') return day.toZonedDateTime(timeZone);
  if (window === 'week') return day.subtract({ days: day.dayOfWeek - 1 }).toZonedDateTime(timeZone);
  return day.with({ day: 1 }).toZonedDateTime(timeZone);
}

function after(start: Temporal.ZonedDateTime, window: UsageWindow): Temporal.ZonedDateTime {
  if (window === 'minute' || window === 'hour') return start.add({ [`${window}s`]: 1 });
  const day = start.toPlainDate();
  // From the date, not from the time: a day may begin at one o'clock.
  const next = day.add({ days: window === 'day' ? 1 : window === 'week' ? 7 : 0, months: window === 'month' ? 1 : 0 });
  return next.toZonedDateTime(start.timeZoneId);
}
