import { IconReceiptRefund } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { creditNotesCsv, creditNotesQuery } from '../../api/payments';
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
import { MoneyFilterBar } from '../payments/money-filter-bar';
import { creditNoteColumns } from './credit-note-columns';

const route = getRouteApi('/signed-in/credit-notes');

export const CreditNoteListPage = () => {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const maySee = usePermission('invoices:read');
  const { data, error, refetch, isPlaceholderData } = useQuery({ ...creditNotesQuery(filter), enabled: maySee });
  const isEmpty = data?.data.length === 0 && !isPlaceholderData;
  const { cursor: _, ...narrowed } = filter;
  const isFiltered = Boolean(filter.customer_id || filter.currency || filter.from || filter.to);
  if (!maySee) return <MissingPermission permission="invoices:read" />;
  return (
    <>
      <PageHeader
        title="Credit notes"
        description="What was taken back of invoices, why, and where the money went."
        actions={!isEmpty && <CsvButton href={creditNotesCsv(narrowed)} />}
      />
      {(isFiltered || !isEmpty) && <MoneyFilterBar value={filter} onFilter={(search) => navigate({ search })} />}
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!error && !isEmpty && (
        <DataTable
          caption="Credit notes"
          columns={creditNoteColumns}
          rows={data?.data}
          rowId={({ id }) => id}
          numeric={['total']}
        />
      )}
      {data && !isEmpty && (
        <Totals
          rows={data.data}
          sums={{ Credited: ({ total }) => total }}
          isPart={data.next_cursor !== null || filter.cursor !== undefined}
        />
      )}
      {isEmpty && (
        <EmptyState
          icon={IconReceiptRefund}
          title={isFiltered ? 'No credit note matches' : 'No credit notes yet'}
          action={
            <RouterButton variant="default" to="/invoices">
              See the invoices
            </RouterButton>
          }
        >
          A credit note takes back an invoice or a part of it. It is issued on the page of the invoice.
        </EmptyState>
      )}
      <Pager
        isFirst={!filter.cursor}
        next={data?.next_cursor ?? null}
        onGo={(cursor) => navigate({ search: (previous) => ({ ...previous, cursor }) })}
      />
    </>
  );
};
