import { Text } from '@mantine/core';
import classes from './period-bar.module.css';
import { formatZoned, ZonedTime } from './zoned-time';

type Props = { period: { start: string; end: string }; timeZone: string; isTrial: boolean };

const DAY = 86_400_000;

/** How far the current period has come. */
export const PeriodBar = ({ period: { start, end }, timeZone, isTrial }: Props) => {
  const [from, to] = [Date.parse(start), Date.parse(end)];
  const share = Math.min(1, Math.max(0, (Date.now() - from) / (to - from)));
  const left = Math.max(0, Math.ceil((to - Date.now()) / DAY));
  const words = share === 0 ? 'has not begun' : left === 1 ? 'a day is left' : `${left.toLocaleString()} days are left`;
  return (
    <div>
      <div className={classes.head}>
        <Text size="sm" fw={600}>
          {isTrial ? 'The trial' : 'The current period'}
        </Text>
        <Text size="sm" c="dimmed">
          {words}
        </Text>
      </div>
      <svg
        className={classes.bar}
        role="img"
        aria-label={`From ${formatZoned(start, timeZone)} to ${formatZoned(end, timeZone)}: ${words}`}
      >
        <rect className={classes.whole} width="100%" height="100%" rx="5" />
        <rect className={classes.gone} width={`${share * 100}%`} height="100%" rx="5" />
      </svg>
      <div className={classes.ends}>
        <ZonedTime value={start} timeZone={timeZone} />
        <ZonedTime value={end} timeZone={timeZone} />
      </div>
      <Text size="xs" c="dimmed" mt={4}>
        Times of {timeZone}, the customer’s time zone. The end is the first moment of what follows.
      </Text>
    </div>
  );
};
