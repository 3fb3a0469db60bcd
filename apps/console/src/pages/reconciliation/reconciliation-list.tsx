import type { Reconciliation } from '@bastionary/contracts/stripe';
import { Button } from '@mantine/core';
import { IconScale } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { idempotencyKey } from '../../api/idempotency-key';
import { reconcile, reconciliationKeys, reconciliationsQuery } from '../../api/reconciliations';
import { usePermission } from '../../api/session';
import { columnsFor, DataTable } from '../../ui/data-table';
import { EmptyState } from '../../ui/empty-state';
import { ErrorAlert } from '../../ui/error-alert';
import { RouterAnchor } from '../../ui/links';
import { MissingPermission } from '../../ui/missing-permission';
import { PageHeader } from '../../ui/page-header';
import { Pager } from '../../ui/pager';
import { StatusBadge } from '../../ui/status-badge';
import { Time } from '../../ui/time';
import { toast } from '../../ui/toast';
import { Period } from '../invoices/period';
import { openDifferences } from './open-differences';

const route = getRouteApi('/signed-in/reconciliations');
const column = columnsFor<Reconciliation>();

const columns = column.columns([
  column.display({
    id: 'window',
    header: 'What was compared',
    cell: ({ row: { original } }) => (
      <RouterAnchor
        to="/reconciliations/$reconciliationId"
        params={{ reconciliationId: original.id }}
        search={{}}
        fw={600}
        inherit
      >
        <Period start={original.from} end={original.to} />
      </RouterAnchor>
    ),
  }),
  column.display({ id: 'state', header: 'State', cell: ({ row }) => <StatusBadge status={row.original.state} /> }),
  column.display({ id: 'matched', header: 'Match', cell: ({ row }) => row.original.counts.matched.toLocaleString() }),
  column.display({
    id: 'open',
    header: 'Differ',
    cell: ({ row }) => openDifferences(row.original.counts).toLocaleString(),
  }),
  column.display({
    id: 'repaired',
    header: 'Repaired',
    cell: ({ row }) => row.original.counts.repaired.toLocaleString(),
  }),
  column.display({ id: 'created', header: 'Begun', cell: ({ row }) => <Time value={row.original.created_at} /> }),
]);

/** Our books held against Stripe's. */
export const ReconciliationListPage = () => {
  const { cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const queryClient = useQueryClient();
  const maySee = usePermission('revenue:read');
  const mayStart = usePermission('payments:write');
  const [intent, setIntent] = useState(idempotencyKey);
  const { data, error, refetch, isPlaceholderData } = useQuery({ ...reconciliationsQuery(cursor), enabled: maySee });
  const start = useMutation({
    mutationFn: () => reconcile({}, intent),
    onSuccess: async () => {
      toast('The comparison is under way.');
      await queryClient.invalidateQueries({ queryKey: reconciliationKeys.all });
    },
    onSettled: () => setIntent(idempotencyKey()),
  });
  const isEmpty = data?.data.length === 0 && !isPlaceholderData;
  const startButton = mayStart && (
    <Button loading={start.isPending} onClick={() => start.mutate()}>
      Compare now
    </Button>
  );
  if (!maySee) return <MissingPermission permission="revenue:read" />;
  return (
    <>
      <PageHeader
        title="Reconciliation"
        description="Our payments, refunds, attempts and customers held against Stripe’s, every night. Our books are the truth."
        actions={!isEmpty && startButton}
      />
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {start.error && <ErrorAlert error={start.error} />}
      {!error && !isEmpty && (
        <DataTable
          caption="Reconciliations"
          columns={columns}
          rows={data?.data}
          rowId={({ id }) => id}
          numeric={['matched', 'open', 'repaired']}
        />
      )}
      {isEmpty && (
        <EmptyState icon={IconScale} title="Nothing was compared yet" action={startButton}>
          Where Stripe collects, the worker compares both books every night. Without Stripe there is nothing to compare.
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
