import { Progress, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { quotaQuery } from '../../../../api/entitlements';
import classes from './quota-bar.module.css';

const NEARLY_ALL = 90;

/** How much of a limit is used. */
export const QuotaBar = ({ customerId, feature }: { customerId: string; feature: string }) => {
  const { data, error } = useQuery(quotaQuery(customerId, feature));
  if (error) return <Text inherit>not known</Text>;
  if (!data) return <Skeleton height={22} width="8rem" />;
  const { used, limit, free } = data;
  if (limit === null) return <span className={classes.words}>{used.toLocaleString()} used</span>;
  const share = limit === 0 ? (used > 0 ? 100 : 0) : Math.min(100, (used / limit) * 100);
  const isOver = used > limit;
  return (
    <div className={classes.root}>
      <span className={classes.words}>
        {used.toLocaleString()} used
        <span className={classes.free}>
          {isOver ? `${(used - limit).toLocaleString()} too much` : `${(free ?? 0).toLocaleString()} free`}
        </span>
      </span>
      <Progress
        value={share}
        color={isOver ? 'red' : share >= NEARLY_ALL ? 'orange' : 'bastion'}
        size="sm"
        aria-label={`${feature}: ${used.toLocaleString()} of ${limit.toLocaleString()} used`}
      />
    </div>
  );
};
