import type { Payment } from '@bastionary/contracts/invoices';
import { IconCreditCard } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { paymentsCsv, paymentsQuery } from '../../api/payments';
import { usePermission } from '../../api/session';
import { CsvButton } from '../../ui/csv-button';
import { DataTable } from '../../ui/data-table';
import { EmptyState } from '../../ui/empty-state';
import { ErrorAlert } from '../../ui/error-alert';
import { RouterButton } from '../../ui/links';
import { MissingPermission } from '../../ui/missing-permission';
import { PageHeader } from '../../ui/page-header';
import { Pager } from '../../ui/pager';
import { Totals } from '../../ui/totals';
import { MoneyFilterBar } from './money-filter-bar';
import { paymentColumns } from './payment-columns';
import { RefundDialog } from './refund-dialog';

const route = getRouteApi('/signed-in/payments');

export const PaymentListPage = () => {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const maySee = usePermission('invoices:read');
  const mayRefund = usePermission('payments:write');
  const [refunded, setRefunded] = useState<Payment | null>(null);
  const columns = useMemo(() => paymentColumns(mayRefund ? setRefunded : null), [mayRefund]);
  const { data, error, refetch, isPlaceholderData } = useQuery({ ...paymentsQuery(filter), enabled: maySee });
  const isEmpty = data?.data.length === 0 && !isPlaceholderData;
  const { cursor: _, ...narrowed } = filter;
  const isFiltered = Boolean(filter.customer_id || filter.currency || filter.from || filter.to);
  if (!maySee) return <MissingPermission permission="invoices:read" />;
  return (
    <>
      <PageHeader
        title="Payments"
        description="Money that came in, by hand or by Stripe, and what was paid back of it."
        actions={!isEmpty && <CsvButton href={paymentsCsv(narrowed)} />}
      />
      {(isFiltered || !isEmpty) && <MoneyFilterBar value={filter} onFilter={(search) => navigate({ search })} />}
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!error && !isEmpty && (
        <DataTable
          caption="Payments"
          columns={columns}
          rows={data?.data}
          rowId={({ id }) => id}
          numeric={['amount', 'refunded']}
        />
      )}
      {data && !isEmpty && (
        <Totals
          rows={data.data}
          sums={{ Received: ({ amount }) => amount, 'Paid back': ({ refunded: back }) => back }}
          isPart={data.next_cursor !== null || filter.cursor !== undefined}
        />
      )}
      {isEmpty && (
        <EmptyState
          icon={IconCreditCard}
          title={isFiltered ? 'No payment matches' : 'No payments yet'}
          action={
            <RouterButton variant="default" to="/invoices" search={{ view: 'open' }}>
              See the open invoices
            </RouterButton>
          }
        >
          A payment is recorded on the page of the invoice that it pays; what Stripe collects arrives by itself.
        </EmptyState>
      )}
      <Pager
        isFirst={!filter.cursor}
        next={data?.next_cursor ?? null}
        onGo={(cursor) => navigate({ search: (previous) => ({ ...previous, cursor }) })}
      />
      {refunded && <RefundDialog payment={refunded} onClose={() => setRefunded(null)} />}
    </>
  );
};
