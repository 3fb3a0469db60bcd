import { type Refusal, refuse } from './refusal.js';

/** What clocks may differ by. Exactly so much is still allowed. */
export const CLOCK_TOLERANCE_MS = 300_000;

/** Milliseconds since 1970 of an RFC 3339 text, or null. */
export function instantOf(text: unknown): number | null {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)) return null;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? null : instant;
}

export interface ClockFacts {
  /** What this machine's clock says. Milliseconds since 1970, as all times here. */
  readonly now: number;
  /** The latest time this program ever knew of; null: it runs for the first time. */
  readonly lastSeen: number | null;
  /** When what is verified was signed: its issuer's clock has been there. */
  readonly signedAt: readonly number[];
}

/** Whether this machine's clock can be right: it is not behind what was signed, nor behind itself. */
export function refuseByClock({
  now,
  lastSeen,
  signedAt,
}: ClockFacts): Refusal<'clock_behind' | 'clock_turned_back'> | null {
  const signed = Math.max(...signedAt, Number.NEGATIVE_INFINITY);
  if (signed - now > CLOCK_TOLERANCE_MS) {
    return refuse('clock_behind', `It was signed at ${spoken(signed)}; the clock here says ${spoken(now)}.`);
  }
  if (lastSeen !== null && lastSeen - now > CLOCK_TOLERANCE_MS) {
    return refuse('clock_turned_back', `It has been ${spoken(lastSeen)} here; now the clock says ${spoken(now)}.`);
  }
  return null;
}

/** The new high-water mark, to be kept by the program. It never goes down. */
export const highWaterMark = ({ now, lastSeen, signedAt }: ClockFacts): number =>
  Math.max(now, lastSeen ?? now, ...signedAt);

/** An instant as RFC 3339, also one that no calendar has. */
export function spoken(instant: number): string {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? 'never' : date.toISOString();
}
