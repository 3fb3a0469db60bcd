import type { ReconciliationDetail, ReconciliationRow } from '@bastionary/contracts/stripe';
import { Alert, Checkbox, Skeleton } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { reconciliationKeys, reconciliationQuery, repairRow } from '../../api/reconciliations';
import { usePermission } from '../../api/session';
import { DataTable } from '../../ui/data-table';
import { EmptyState } from '../../ui/empty-state';
import { ErrorAlert } from '../../ui/error-alert';
import { RouterAnchor } from '../../ui/links';
import { MissingPermission } from '../../ui/missing-permission';
import { PageHeader } from '../../ui/page-header';
import { Pager } from '../../ui/pager';
import { StatusBadge } from '../../ui/status-badge';
import { formatDateTime } from '../../ui/time';
import { toast } from '../../ui/toast';
import { openDifferences } from './open-differences';
import { rowColumns } from './row-columns';

const route = getRouteApi('/signed-in/reconciliations/$reconciliationId');
const PAGE = 50;

export const ReconciliationDetailPage = () => {
  const { reconciliationId: id } = route.useParams();
  const { after, all } = route.useSearch();
  const navigate = route.useNavigate();
  const maySee = usePermission('revenue:read');
  const { data, error, refetch } = useQuery({
    ...reconciliationQuery(id, { after, all, limit: PAGE }),
    enabled: maySee,
  });
  if (!maySee) return <MissingPermission permission="revenue:read" />;
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (!data) return <Skeleton height={260} radius="lg" aria-busy />;
  const last = data.rows.at(-1);
  return (
    <>
      <PageHeader
        above={
          <RouterAnchor to="/reconciliations" search={{}} size="sm">
            ← Reconciliation
          </RouterAnchor>
        }
        title="Our books and Stripe’s"
        titleAside={<StatusBadge status={data.state} />}
        description={`From ${formatDateTime(data.from)} until before ${formatDateTime(data.to)}`}
      />
      <Outcome reconciliation={data} />
      <Checkbox
        my="md"
        label="Show also what matches"
        checked={all === 'true'}
        onChange={(event) => navigate({ search: event.currentTarget.checked ? { all: 'true' } : {} })}
      />
      <Rows reconciliation={data} />
      <Pager
        isFirst={after === undefined}
        next={last && data.rows.length === PAGE ? String(last.position) : null}
        onGo={(next) => navigate({ search: { all, after: next } })}
      />
    </>
  );
};

const Outcome = ({ reconciliation: { state, error, counts } }: { reconciliation: ReconciliationDetail }) => {
  if (state === 'failed') {
    return (
      <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title="The comparison failed">
        {error ?? 'It stopped before the end.'} Nothing was changed; start another.
      </Alert>
    );
  }
  if (state !== 'done') return null;
  const open = openDifferences(counts);
  return (
    <Alert
      color={open === 0 ? 'green' : 'orange'}
      icon={open === 0 ? <IconCircleCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={open === 0 ? 'Both books agree' : `${open.toLocaleString()} ${open === 1 ? 'row differs' : 'rows differ'}`}
    >
      {`Match: ${counts.matched}. Missing here: ${counts.missing_here}. Missing at Stripe: ${counts.missing_there}. `}
      {`Different: ${counts.differs}. Repaired: ${counts.repaired}.`}
    </Alert>
  );
};

const Rows = ({ reconciliation: { id, rows, state } }: { reconciliation: ReconciliationDetail }) => {
  const queryClient = useQueryClient();
  const mayRepair = usePermission('payments:write');
  const repair = useMutation({
    mutationFn: ({ position }: ReconciliationRow) => repairRow(id, position),
    onSuccess: async () => {
      toast('The row is repaired.');
      await queryClient.invalidateQueries({ queryKey: reconciliationKeys.all });
    },
  });
  const { mutate } = repair;
  const columns = useMemo(() => rowColumns(mayRepair ? mutate : null), [mayRepair, mutate]);
  if (rows.length === 0) {
    return (
      state === 'done' && (
        <EmptyState icon={IconCircleCheck} title="No differences">
          Everything that was compared is the same in both books.
        </EmptyState>
      )
    );
  }
  return (
    <>
      {repair.error && <ErrorAlert error={repair.error} />}
      <DataTable
        caption="Rows of the comparison"
        columns={columns}
        rows={rows}
        rowId={({ position }) => String(position)}
        numeric={['here', 'there']}
      />
    </>
  );
};
