const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** How far an instant lies from now, in its largest unit: `3 h ago`, `in 12 s`. */
export function sinceOrUntil(instant: number, now: number): string {
  const distance = Math.abs(instant - now);
  const [unit, size] = UNITS.find(([, milliseconds]) => distance >= milliseconds) ?? UNITS[3];
  const count = `${Math.floor(distance / size)} ${unit}`;
  return instant <= now ? `${count} ago` : `in ${count}`;
}
