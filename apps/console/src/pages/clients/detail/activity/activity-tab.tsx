import { Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { auditQuery } from '../../../../api/audit';
import { ErrorAlert } from '../../../../ui/error-alert';
import { RouterAnchor } from '../../../../ui/links';
import { Panel } from '../../../../ui/panel';
import { AuditEntry } from '../../../audit/audit-entry';
import classes from './activity-tab.module.css';

export const ActivityTab = ({ clientId }: { clientId: string }) => {
  const target = `client:${clientId}`;
  const { data, error, refetch } = useQuery(auditQuery({ target }));
  return (
    <Panel title="What was done to this client">
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
