const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A span of time in its largest unit, rounded down: `3 h`, `12 s`. */
export function span(milliseconds: number): string {
  const [unit, size] = UNITS.find(([, length]) => milliseconds >= length) ?? UNITS[3];
  return `${Math.floor(milliseconds / size)} ${unit}`;
}

/** How far an instant lies from now, in its largest unit: `3 h ago`, `in 12 s`. */
export const sinceOrUntil = (instant: number, now: number): string =>
  instant <= now ? `${span(now - instant)} ago` : `in ${span(instant - now)}`;
