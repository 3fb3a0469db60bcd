const MINUTE_MS = 60_000;
const HOUR = 60;
const DAY = 1_440;

/** A part of a span of time, and where its usage is read: in rollups of so many minutes, or (0) from the events. */
export interface Piece {
  readonly resolution: 0 | 1 | 60 | 1440;
  readonly start: Date;
  readonly until: Date;
}

/**
 * Cuts a span into the fewest parts that rollups answer exactly: whole days (UTC) in the middle, hours and minutes
 * towards its ends, and the events themselves in what is no whole minute. In order, without gap or overlap.
 */
export function piecesOf(from: Date, until: Date): Piece[] {
  return cut(from.getTime(), until.getTime(), [DAY, HOUR, 1]);
}

function cut(from: number, until: number, [resolution, ...finer]: readonly Piece['resolution'][]): Piece[] {
  if (from >= until) return [];
  if (resolution === undefined) return [{ resolution: 0, start: new Date(from), until: new Date(until) }];
  const width = resolution * MINUTE_MS;
  const first = Math.ceil(from / width) * width;
  const last = Math.floor(until / width) * width;
  if (first >= last) return cut(from, until, finer);
  return [
    ...cut(from, first, finer),
    { resolution, start: new Date(first), until: new Date(last) },
    ...cut(last, until, finer),
  ];
}

/**
 * The resolution at which the keys of a meter of unique values answer a span, with the time each was seen first and last: a
 * span no shorter than a bucket never begins and ends within the same one. Null: only the events do.
 */
export function keyResolution(from: Date, until: Date): 60 | 1440 | null {
  const minutes = (until.getTime() - from.getTime()) / MINUTE_MS;
  return minutes >= DAY ? DAY : minutes >= HOUR ? HOUR : null;
}

/** The start of the bucket that an instant lies in. */
export function bucketStart(at: Date, resolution: 1 | 60 | 1440): Date {
  const width = resolution * MINUTE_MS;
  return new Date(Math.floor(at.getTime() / width) * width);
}
