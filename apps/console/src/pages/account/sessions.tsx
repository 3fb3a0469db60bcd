import type { OpenSession } from '@bastionary/contracts/proofs';
import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { endOtherSessions, endSession, ownSessionsQuery } from '../../api/account';
import { columnsFor, DataTable } from '../../ui/data-table';
import { ErrorAlert } from '../../ui/error-alert';
import { Panel } from '../../ui/panel';
import { Time } from '../../ui/time';
import { toast } from '../../ui/toast';
import { browserWords } from './browser-words';
import { useAccountChange } from './use-account-change';

export const Sessions = () => {
  const { data, error, refetch } = useQuery(ownSessionsQuery);
  const endOne = useAccountChange(endSession, () => toast('The session has ended.'));
  const endOthers = useAccountChange(endOtherSessions, () => toast('You are signed out everywhere else.'));
  const failed = error ?? endOne.error ?? endOthers.error;
  return (
    <Panel title="Where you are signed in">
      <Stack align="flex-start">
        {failed && <ErrorAlert error={failed} onRetry={() => refetch()} />}
        <DataTable
          caption="Your sessions"
          columns={columnsWith((id) => endOne.mutate(id))}
          rows={data?.data}
          rowId={({ id }) => id}
        />
        {data && data.data.length > 1 && (
          <Button variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate(undefined)}>
            Sign out everywhere else
          </Button>
        )}
      </Stack>
    </Panel>
  );
};

const Browser = ({ userAgent }: { userAgent: string | null }) =>
  userAgent === null ? 'unknown' : <span title={userAgent}>{browserWords(userAgent)}</span>;

const column = columnsFor<OpenSession>();
const columnsWith = (end: (id: string) => void) =>
  column.columns([
    column.accessor('user_agent', {
      header: 'Browser',
      cell: ({ row }) => <Browser userAgent={row.original.user_agent} />,
    }),
    column.accessor('address', { header: 'Address', cell: ({ row }) => row.original.address ?? 'unknown' }),
    column.accessor('last_seen_at', {
      header: 'Last seen',
      cell: ({ row }) => <Time value={row.original.last_seen_at} />,
    }),
    column.display({
      id: 'actions',
      header: 'Actions',
      cell: ({ row }) =>
        row.original.current ? (
          <Text inherit c="dimmed" component="span">
            this one
          </Text>
        ) : (
          <Button size="compact-sm" variant="default" onClick={() => end(row.original.id)}>
            End
          </Button>
        ),
    }),
  ]);
