const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;
export type DurationUnit = (typeof UNITS)[number][0];

const counted = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`;

/** Seconds in words, the two largest units that count: `1 hour 30 minutes`. */
export const formatDuration = (seconds: number): string => {
  let rest = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length);
    rest %= length;
    if (count > 0) parts.push(counted(count, unit));
  }
  return parts.length === 0 ? '0 seconds' : parts.slice(0, 2).join(' ');
};

/** What stands in the two fields of a duration; no amount stands for none. */
export type DurationDraft = { amount: string; unit: DurationUnit };

export const toDraft = (seconds: number | null, unitOfNone: DurationUnit = 'minute'): DurationDraft => {
  if (seconds === null) return { amount: '', unit: unitOfNone };
  const [unit, length] = UNITS.find(([, each]) => seconds % each === 0) ?? (['second', 1] as const);
  return { amount: String(seconds / length), unit };
};

/** Seconds; null for none; NaN if it is no whole number of seconds. */
export const toSeconds = ({ amount, unit }: DurationDraft): number | null => {
  const words = amount.trim();
  if (words === '') return null;
  const length = UNITS.find(([each]) => each === unit)?.[1] ?? 1;
  const seconds = /^\d+([.,]\d+)?$/.test(words) ? Number(words.replace(',', '.')) * length : Number.NaN;
  return Number.isInteger(seconds) ? seconds : Number.NaN;
};
