import type { LicenseDuration } from '@bastionary/contracts/license-policies';

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;
const LETTERS = { Y: 'year', M: 'month', W: 'week', D: 'day' } as const;

export const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? noun : `${noun}s`}`;

/** A duration in words, exactly: `30 days`, `1 year and 2 months`, `1 day, 2 hours and 1 second`. */
export function durationWords(duration: LicenseDuration): string {
  if (typeof duration === 'number') return secondsWords(duration);
  const parts = [...duration.matchAll(/(\d+)([YMWD])/g)].map(
    ([, count, letter]) => [Number(count), LETTERS[letter as keyof typeof LETTERS]] as const,
  );
  return listed(parts.filter(([count]) => count > 0).map(([count, unit]) => counted(count, unit)));
}

function secondsWords(seconds: number): string {
  let rest = seconds;
  const parts = UNITS.map(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return [count, unit] as const;
  }).filter(([count]) => count > 0);
  return parts.length === 0 ? 'no time' : listed(parts.map(([count, unit]) => counted(count, unit)));
}

const SIZES = ['TiB', 'GiB', 'MiB', 'KiB'] as const;

/** Bytes in the largest unit in which they are whole. */
export function bytesWords(bytes: number): string {
  const index = SIZES.findIndex((_, position) => bytes % 1_024 ** (SIZES.length - position) === 0);
  const unit = SIZES[index];
  return unit === undefined
    ? counted(bytes, 'byte')
    : `${(bytes / 1_024 ** (SIZES.length - index)).toLocaleString('en-US')} ${unit}`;
}

/** `a`, `a and b`, `a, b and c`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
