import { Tooltip } from '@mantine/core';
import classes from './period.module.css';

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });

/** The last instant before the end: a period ends where the next begins, and people count its last day. */
const lastMoment = (end: string) => new Date(Date.parse(end) - 1);

/** A half-open period by its first and its last day in UTC; both instants on hover. */
export const Period = ({ start, end }: { start: string; end: string }) => (
  <Tooltip label={`from ${start} until before ${end}`} multiline>
    <span className={classes.period}>{day.formatRange(new Date(start), lastMoment(end))}</span>
  </Tooltip>
);
