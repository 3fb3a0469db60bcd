/** How long a period is, in the calendar of the contract's time zone. A half-year is six months. */
export interface Interval {
  readonly unit: 'day' | 'week' | 'month' | 'quarter' | 'year';
  /** 1 or more. */
  readonly count: number;
}

/** What the periods of a contract follow from, for as long as it is billed in this rhythm. */
export interface Cycle {
  /** The first boundary; it is never replaced by a later one, so that the 31st stays the 31st. */
  readonly anchor: Date;
  readonly interval: Interval;
  /** A name of the tz database. */
  readonly timeZone: string;
}

/** From `start` inclusive to `end` exclusive. */
export interface Span {
  readonly start: Date;
  readonly end: Date;
}

export interface Period extends Span {
  /** 0 begins at the anchor; those before it are negative. */
  readonly index: number;
}

const MONTHS = { month: 1, quarter: 3, year: 12 } as const;
const DAYS = { day: 1, week: 7 } as const;

/**
 * Where period `index` begins: the local date and time of the anchor, so many intervals later. A day that the month
 * lacks becomes its last; a time that the clock skips is read with the offset before the gap, one that it
 * repeats is the first of the two (RFC 5545 §3.3.5).
 * @throws RangeError if the time zone is unknown, or the interval is not a whole number of 1 or more units
 */
export function boundary(cycle: Cycle, index: number): Date {
  return new Date(boundaryMs(localAnchor(cycle), cycle.interval, index));
}

/**
 * The period of that index. It is empty where the calendar skipped all of it, as Samoa skipped 30 December 2011.
 * @throws RangeError as `boundary`
 */
export function nthPeriod(cycle: Cycle, index: number): Period {
  const anchor = localAnchor(cycle);
  return {
    index,
    start: new Date(boundaryMs(anchor, cycle.interval, index)),
    end: new Date(boundaryMs(anchor, cycle.interval, index + 1)),
  };
}

/**
 * The index of the one period that an instant lies in.
 * @throws RangeError as `boundary`
 */
export function periodIndex(cycle: Cycle, at: Date): number {
  const anchor = localAnchor(cycle);
  return indexAt(cycle, anchor, at, (index) => boundaryMs(anchor, cycle.interval, index));
}

/**
 * The period that begins next after an instant: its start, and that of the one before it.
 * @throws RangeError as `boundary`
 */
export function periodAfter(cycle: Cycle, after: Date): { readonly before: Date; readonly start: Date } {
  const anchor = localAnchor(cycle);
  const known = new Map<number, number>();
  const begin = (index: number): number => {
    const at = known.get(index) ?? boundaryMs(anchor, cycle.interval, index);
    known.set(index, at);
    return at;
  };
  let index = indexAt(cycle, anchor, after, begin) + 1;
  const start = begin(index);
  // Those that begin there and are empty are over before they begin.
  while (begin(index + 1) <= start) index++;
  return { before: new Date(begin(index - 1)), start: new Date(start) };
}

function indexAt(
  { interval, timeZone }: Cycle,
  anchor: Temporal.ZonedDateTime,
  at: Date,
  begin: (index: number) => number,
): number {
  let index = nearbyIndex(anchor, interval, localTime(at, timeZone));
  while (begin(index) > at.getTime()) index--;
  while (begin(index + 1) <= at.getTime()) index++;
  return index;
}

/**
 * The period that an instant lies in; never an empty one.
 * @throws RangeError as `boundary`
 */
export const periodAt = (cycle: Cycle, at: Date): Period => nthPeriod(cycle, periodIndex(cycle, at));

/**
 * The periods that share any time with a span, in order and whole: the end of each is the start of the next.
 * @throws RangeError as `boundary`
 */
export function* periodsWithin(cycle: Cycle, span: Span): Generator<Period> {
  if (span.start >= span.end) return;
  const anchor = localAnchor(cycle);
  let index = periodIndex(cycle, span.start);
  let start = boundaryMs(anchor, cycle.interval, index);
  while (start < span.end.getTime()) {
    const end = boundaryMs(anchor, cycle.interval, index + 1);
    if (start < end) yield { index, start: new Date(start), end: new Date(end) };
    start = end;
    index++;
  }
}

/**
 * The periods that are over at `now` and were not at `settledUntil`: asked again from the end of the last, none.
 * @throws RangeError as `boundary`
 */
export function periodsEnded(cycle: Cycle, settledUntil: Date, now: Date): Period[] {
  return [...periodsWithin(cycle, { start: settledUntil, end: now })].filter(({ end }) => end <= now);
}

/** The part of `span` that lies in `bounds`; null if there is none. An open end is null. */
export function clip(span: Span, bounds: { readonly start: Date; readonly end: Date | null }): Span | null {
  const start = Math.max(span.start.getTime(), bounds.start.getTime());
  const end = Math.min(span.end.getTime(), bounds.end?.getTime() ?? Number.POSITIVE_INFINITY);
  return start < end ? { start: new Date(start), end: new Date(end) } : null;
}

/**
 * The end of a trial: the same time of day, so many days later.
 * @throws RangeError if the time zone is unknown
 */
export function trialEnd(start: Date, days: number, timeZone: string): Date {
  return new Date(localTime(start, timeZone).add({ days }).epochMilliseconds);
}

/**
 * The rhythm after a change at `at`. Another interval begins anew with the change; the same one keeps its anchor, so
 * that a change of plan moves no boundary.
 */
export function cycleAfter(cycle: Cycle, interval: Interval, at: Date): Cycle {
  const isSame =
    step(interval).months === step(cycle.interval).months && step(interval).days === step(cycle.interval).days;
  return isSame ? cycle : { ...cycle, interval, anchor: at };
}

const localTime = (at: Date, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);

const localAnchor = ({ anchor, timeZone }: Cycle): Temporal.ZonedDateTime => localTime(anchor, timeZone);

function step({ unit, count }: Interval): { readonly months: number; readonly days: number } {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new RangeError(`An interval must be 1 or more ${unit}s, not ${count}.`);
  }
  return unit === 'day' || unit === 'week'
    ? { months: 0, days: DAYS[unit] * count }
    : { months: MONTHS[unit] * count, days: 0 };
}

function boundaryMs(anchor: Temporal.ZonedDateTime, interval: Interval, index: number): number {
  const { months, days } = step(interval);
  return anchor.add({ months: months * index, days: days * index }).epochMilliseconds;
}

// Too high where the month is too short or a day was skipped, too low where the clock went back over midnight.
function nearbyIndex(anchor: Temporal.ZonedDateTime, interval: Interval, at: Temporal.ZonedDateTime): number {
  const { months, days } = step(interval);
  if (months > 0) return Math.floor(((at.year - anchor.year) * 12 + at.month - anchor.month) / months);
  return Math.floor(anchor.toPlainDate().until(at.toPlainDate()).days / days);
}
