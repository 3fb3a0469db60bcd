import { Tooltip } from '@mantine/core';
import { formatDateTime } from '../../ui/time';

const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (timeZone: string) => {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  formats.set(timeZone, made);
  return made;
};

export const formatZoned = (instant: string, timeZone: string) => formatOf(timeZone).format(new Date(instant));

/** A moment as the customer's calendar has it; the reader's own time and the exact instant on hover. */
export const ZonedTime = ({ value, timeZone }: { value: string; timeZone: string }) => (
  <Tooltip label={`${formatDateTime(value)} with you · ${value}`} multiline>
    <time dateTime={value}>{formatZoned(value, timeZone)}</time>
  </Tooltip>
);
