import { Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { failuresQuery } from '../../../../api/failures';
import { DataTable } from '../../../../ui/data-table';
import { EmptyState } from '../../../../ui/empty-state';
import { ErrorAlert } from '../../../../ui/error-alert';
import { RouterAnchor } from '../../../../ui/links';
import { failureColumns } from '../../../failures/failure-columns';

const columns = failureColumns({ withClient: false });

/** What this client was refused, and why: the exact reason, which the answer never tells. */
export const FailuresTab = ({ clientId }: { clientId: string }) => {
  const { data, error, refetch } = useQuery(failuresQuery({ client_id: clientId }));
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (data?.data.length === 0) {
    return (
      <EmptyState icon={IconCircleCheck} title="Nothing was refused">
        Every refused request of this client stands here with the exact reason, which its answer does not tell.
      </EmptyState>
    );
  }
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        The answers say less than stands here, so that nobody can probe for ids and secrets.
      </Text>
      <DataTable caption="Refused requests" columns={columns} rows={data?.data} rowId={({ id }) => id} />
      {data?.next_cursor && (
        <RouterAnchor to="/failures" search={{ client_id: clientId }} size="sm" underline="always">
          All of them
        </RouterAnchor>
      )}
    </Stack>
  );
};
