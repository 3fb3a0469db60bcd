import { Tooltip } from '@mantine/core';

const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

const formatDate = (instant: string) => date.format(new Date(instant));
export const formatDateTime = (instant: string) => dateTime.format(new Date(instant));

export const formatRelative = (instant: string, now = Date.now()) => {
  const seconds = Math.round((Date.parse(instant) - now) / 1_000);
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return seconds > 0 ? 'in less than a minute' : 'just now';
};

type Props = { value: string; as?: 'relative' | 'date' | 'date-time' };

/** A moment in the reader's language and time zone; the exact instant in UTC on hover. */
export const Time = ({ value, as = 'relative' }: Props) => {
  const words = as === 'relative' ? formatRelative(value) : as === 'date' ? formatDate(value) : formatDateTime(value);
  return (
    <Tooltip label={`${formatDateTime(value)} · ${value}`} multiline>
      <time dateTime={value}>{words}</time>
    </Tooltip>
  );
};
