import { Button, Text, VisuallyHidden } from '@mantine/core';
import {
  IconArrowsExchange,
  IconFlag,
  IconHourglassEmpty,
  IconPlayerPause,
  IconPlayerStop,
  IconRotateClockwise,
  type TablerIcon,
} from '@tabler/icons-react';
import { useState } from 'react';
import { formatRelative } from '../../ui/time';
import { useActorName } from '../audit/actor';
import classes from './subscription-timeline.module.css';
import type { TimelineEntry } from './timeline';
import { ZonedTime } from './zoned-time';

const ICONS: Record<TimelineEntry['kind'], TablerIcon> = {
  start: IconFlag,
  trial: IconHourglassEmpty,
  period: IconRotateClockwise,
  change: IconArrowsExchange,
  pause: IconPlayerPause,
  end: IconPlayerStop,
};

// Of a long past the beginning and the newest: now and what comes is not to be out of sight.
const SHOWN = 3;

type Props = {
  entries: TimelineEntry[];
  timeZone: string;
  /** Offers to withdraw what has not come; left out where that is not allowed. */
  onWithdraw?: (changeId: string) => void;
};

/** From the first day to the last that is known: what happened above the line of now, what will happen below it. */
export const SubscriptionTimeline = ({ entries, timeZone, onWithdraw }: Props) => {
  const [isWhole, setWhole] = useState(false);
  const past = entries.filter(({ isPast }) => isPast);
  const hidden = isWhole || past.length <= SHOWN + 2 ? 0 : past.length - SHOWN - 1;
  const show = (entry: TimelineEntry) => (
    <Entry key={entry.key} entry={entry} timeZone={timeZone} {...(onWithdraw && { onWithdraw })} />
  );
  return (
    <ol className={classes.timeline}>
      {past.slice(0, hidden === 0 ? past.length : 1).map(show)}
      {hidden > 0 && (
        <li className={classes.entry} data-past>
          <span className={classes.gap} aria-hidden />
          <div>
            <Button size="compact-sm" variant="default" onClick={() => setWhole(true)}>
              Show {hidden} in between
            </Button>
          </div>
        </li>
      )}
      {hidden > 0 && past.slice(-SHOWN).map(show)}
      <Now />
      {entries.filter(({ isPast }) => !isPast).map(show)}
    </ol>
  );
};

const Now = () => (
  <li className={classes.now} aria-current="time">
    <span className={classes.dot} aria-hidden />
    <span className={classes.nowWord}>Now</span>
  </li>
);

type EntryProps = { entry: TimelineEntry } & Omit<Props, 'entries'>;

const Entry = ({ entry, timeZone, onWithdraw }: EntryProps) => {
  const actorName = useActorName();
  const { at, kind, isPast, title, lines, actor, changeId } = entry;
  const Icon = ICONS[kind];
  return (
    <li className={classes.entry} data-past={isPast} data-kind={kind}>
      <span className={classes.mark} aria-hidden>
        <Icon size={14} stroke={2} />
      </span>
      <div className={classes.words}>
        <Text size="sm" fw={600}>
          {title}
          {!isPast && <VisuallyHidden> (to come)</VisuallyHidden>}
        </Text>
        <Text size="sm" c="dimmed">
          <ZonedTime value={at} timeZone={timeZone} /> · {formatRelative(at)}
          {actor && `, by ${actorName(actor)}`}
        </Text>
        {lines.map((line) => (
          <Text key={line} size="sm" className={classes.line}>
            {line}
          </Text>
        ))}
        {changeId && onWithdraw && (
          <Button
            size="compact-sm"
            variant="default"
            mt={6}
            aria-label={`Withdraw the change of ${at}`}
            onClick={() => onWithdraw(changeId)}
          >
            Withdraw
          </Button>
        )}
      </div>
    </li>
  );
};
