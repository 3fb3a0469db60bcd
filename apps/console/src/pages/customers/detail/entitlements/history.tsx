import type { EntitlementsHistory, Feature } from '@bastionary/contracts/entitlements';
import { Button, Group, Skeleton, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { entitlementsHistoryQuery } from '../../../../api/entitlements';
import { ErrorAlert } from '../../../../ui/error-alert';
import { RouterAnchor } from '../../../../ui/links';
import { Panel } from '../../../../ui/panel';
import { formatDateTime, Time } from '../../../../ui/time';
import { causeWords } from './causes';
import { ChangeList } from './change-list';
import { changesBetween } from './feature-changes';
import classes from './history.module.css';

type Epoch = EntitlementsHistory['data'][number];

/** Every epoch with what made it, and what was gained and lost by it. */
export const History = ({ customerId, features }: { customerId: string; features: Feature[] }) => {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    entitlementsHistoryQuery(customerId),
  );
  const epochs = data?.pages.flatMap((page) => page.data);
  // What an epoch changed is known only with the one before it.
  const shown = hasNextPage ? epochs?.slice(0, -1) : epochs;
  return (
    <Panel title="History">
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!shown && !error && <Skeleton height={120} />}
      {shown && (
        <ol className={classes.epochs}>
          {shown.map((epoch, index) => (
            <EpochItem
              key={epoch.epoch}
              customerId={customerId}
              epoch={epoch}
              before={epochs?.[index + 1]}
              features={features}
            />
          ))}
        </ol>
      )}
      {hasNextPage && (
        <Group justify="center" mt="md">
          <Button variant="default" size="xs" onClick={() => fetchNextPage()} loading={isFetchingNextPage}>
            Show earlier ones
          </Button>
        </Group>
      )}
    </Panel>
  );
};

type ItemProps = { customerId: string; epoch: Epoch; before: Epoch | undefined; features: Feature[] };

const EpochItem = ({ customerId, epoch, before, features }: ItemProps) => {
  const changes = before ? changesBetween(before, epoch, features) : [];
  const others = before ? otherChanges(before, epoch) : [];
  return (
    <li className={classes.epoch}>
      <span className={classes.mark}>
        <span className={classes.number}>{epoch.epoch}</span>
      </span>
      <div className={classes.words}>
        <Text size="sm" fw={600}>
          {causeWords(epoch.cause)}
        </Text>
        <Text size="sm" c="dimmed" component="div" className={classes.when}>
          <Time value={epoch.at} as="date-time" />
          <RouterAnchor
            to="/customers/$customerId"
            params={{ customerId }}
            search={{ tab: 'entitlements', at: epoch.at }}
            size="sm"
          >
            Show epoch {epoch.epoch}
          </RouterAnchor>
        </Text>
        {changes.length > 0 && <ChangeList changes={changes} features={features} />}
        {others.map((words) => (
          <Text key={words} size="sm">
            {words}
          </Text>
        ))}
      </div>
    </li>
  );
};

/** What changed besides the features. */
const otherChanges = (before: Epoch, after: Epoch): string[] => {
  const joined = after.plans.filter((plan) => !before.plans.includes(plan));
  const left = before.plans.filter((plan) => !after.plans.includes(plan));
  return [
    ...(before.status === after.status ? [] : [`Status: ${before.status} → ${after.status}`]),
    ...(joined.length === 0 ? [] : [`Plans that began to count: ${joined.join(', ')}`]),
    ...(left.length === 0 ? [] : [`Plans that ceased to count: ${left.join(', ')}`]),
    ...(before.valid_until === after.valid_until
      ? []
      : [
          after.valid_until
            ? `Holds until ${formatDateTime(after.valid_until)}`
            : 'Nothing is due to change it any more',
        ]),
  ];
};
