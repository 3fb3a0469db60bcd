import type { BillingRun } from '@bastionary/contracts/billing-terms';
import { Button, Progress, Text } from '@mantine/core';
import { IconRun } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { billingKeys, billingRunsQuery, startBillingRun } from '../../api/billing-terms';
import { idempotencyKey } from '../../api/idempotency-key';
import { usePermission } from '../../api/session';
import { columnsFor, DataTable } from '../../ui/data-table';
import { EmptyState } from '../../ui/empty-state';
import { ErrorAlert } from '../../ui/error-alert';
import { MissingPermission } from '../../ui/missing-permission';
import { PageHeader } from '../../ui/page-header';
import { Pager } from '../../ui/pager';
import { StatusBadge } from '../../ui/status-badge';
import { Time } from '../../ui/time';
import { toast } from '../../ui/toast';

const route = getRouteApi('/signed-in/billing-runs');
const column = columnsFor<BillingRun>();

/** How far a run is, of what it has examined and what is still due. */
const Done = ({ run: { status, examined, due } }: { run: BillingRun }) => {
  const all = examined + due;
  if (status === 'done' || all === 0) return examined.toLocaleString();
  const percent = Math.floor((examined * 100) / all);
  return (
    <>
      {examined.toLocaleString()} of {all.toLocaleString()}
      <Progress value={percent} aria-label={`${percent} % of the run`} />
    </>
  );
};

const columns = column.columns([
  column.display({
    id: 'started',
    header: 'Begun',
    cell: ({ row }) => <Time value={row.original.started_at} as="date-time" />,
  }),
  column.display({
    id: 'status',
    header: 'State',
    cell: ({ row: { original } }) => (
      <>
        <StatusBadge status={original.status} />
        {original.last_error !== null && (
          <Text size="xs" component="div" mt={4}>
            {original.last_error}
          </Text>
        )}
      </>
    ),
  }),
  column.display({ id: 'examined', header: 'Subscriptions', cell: ({ row }) => <Done run={row.original} /> }),
  column.display({ id: 'drafted', header: 'Drafts', cell: ({ row }) => row.original.drafted.toLocaleString() }),
  column.display({ id: 'finalized', header: 'Finalized', cell: ({ row }) => row.original.finalized.toLocaleString() }),
  column.display({
    id: 'again',
    header: 'Tried again',
    cell: ({ row }) => (row.original.rescheduled + row.original.failed).toLocaleString(),
  }),
  column.display({
    id: 'horizon',
    header: 'Due by',
    cell: ({ row }) => <Time value={row.original.horizon} as="date-time" />,
  }),
]);

/** The runs that make drafts at the ends of periods and finalize those whose grace is over. */
export const BillingRunsPage = () => {
  const { cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const queryClient = useQueryClient();
  const maySee = usePermission('billing:read');
  const mayStart = usePermission('billing:write');
  const [intent, setIntent] = useState(idempotencyKey);
  const { data, error, refetch, isPlaceholderData } = useQuery({ ...billingRunsQuery(cursor), enabled: maySee });
  const start = useMutation({
    mutationFn: () => startBillingRun(intent),
    onSuccess: async () => {
      toast('A billing run is under way.');
      await queryClient.invalidateQueries({ queryKey: billingKeys.all });
    },
    onSettled: () => setIntent(idempotencyKey()),
  });
  const isEmpty = data?.data.length === 0 && !isPlaceholderData;
  const startButton = mayStart && (
    <Button loading={start.isPending} onClick={() => start.mutate()}>
      Run now
    </Button>
  );
  if (!maySee) return <MissingPermission permission="billing:read" />;
  return (
    <>
      <PageHeader
        title="Billing runs"
        description="They make drafts at the ends of periods, and finalize those whose grace is over. Safe to run at any time."
        actions={!isEmpty && startButton}
      />
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {start.error && <ErrorAlert error={start.error} />}
      {!error && !isEmpty && (
        <DataTable
          caption="Billing runs"
          columns={columns}
          rows={data?.data}
          rowId={({ id }) => id}
          numeric={['examined', 'drafted', 'finalized', 'again']}
        />
      )}
      {isEmpty && (
        <EmptyState icon={IconRun} title="No run did anything yet" action={startButton}>
          The worker looks every few minutes; a run stands here once something was due.
        </EmptyState>
      )}
      <Pager
        isFirst={!cursor}
        next={data?.next_cursor ?? null}
        onGo={(next) => navigate({ search: { cursor: next } })}
      />
    </>
  );
};
