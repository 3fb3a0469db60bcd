import { Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { auditQuery } from '../../api/audit';
import { ErrorAlert } from '../../ui/error-alert';
import { RouterAnchor } from '../../ui/links';
import { Panel } from '../../ui/panel';
import classes from './activity.module.css';
import { AuditEntry } from './audit-entry';

type Props = {
  title: string;
  /** As the audit log names it: client:my_client_id. */
  target: string;
};

/** What was done to one thing. */
export const Activity = ({ title, target }: Props) => {
  const { data, error, refetch } = useQuery(auditQuery({ target }));
  return (
    <Panel title={title}>
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!data && !error && (
        <Stack>
          <Skeleton height={36} />
          <Skeleton height={36} />
        </Stack>
      )}
      {data && (
        <ol className={classes.entries}>
          {data.data.map((record) => (
            <AuditEntry key={record.seq} record={record} />
          ))}
        </ol>
      )}
      {data?.data.length === 0 && <Text c="dimmed">Nothing was recorded yet.</Text>}
      {data?.next_cursor && (
        <RouterAnchor to="/audit-log" search={{ target }} size="sm" underline="always">
          Everything, in the audit log
        </RouterAnchor>
      )}
    </Panel>
  );
};
