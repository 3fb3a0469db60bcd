import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { dunningQuery } from '../../api/finance';
import { usePermission } from '../../api/session';
import { ErrorAlert } from '../../ui/error-alert';
import { RouterAnchor } from '../../ui/links';
import { Panel } from '../../ui/panel';
import classes from './dunning.module.css';
import { DunningColumn } from './dunning-column';

/** Who is late, by how far the reminders have gone. */
export const DunningPanel = ({ currency }: { currency: string | undefined }) => {
  const { data, error, refetch } = useQuery(dunningQuery({ currency }));
  const maySeePolicy = usePermission('billing:read');
  return (
    <Panel
      title="Dunning, as it stands now"
      aside={
        maySeePolicy && (
          <RouterAnchor to="/dunning" size="sm">
            What happens when
          </RouterAnchor>
        )
      }
    >
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!data && !error && <Skeleton height={160} aria-busy />}
      {data && (
        <Text size="sm" c="dimmed" mb="sm">
          {data.definition}
        </Text>
      )}
      {data && data.total.invoices === 0 && <Text size="sm">Nobody is late.</Text>}
      {data && data.total.invoices > 0 && (
        <ul className={classes.board}>
          {data.data.map((column) => (
            <DunningColumn key={column.step} column={column} currency={data.currency} />
          ))}
        </ul>
      )}
    </Panel>
  );
};
