import { Button } from '@mantine/core';
import { IconFileInvoice, IconSearchOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { invoicesQuery } from '../../../api/invoices';
import { DataTable } from '../../../ui/data-table';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorAlert } from '../../../ui/error-alert';
import { RouterButton } from '../../../ui/links';
import { Pager } from '../../../ui/pager';
import { Totals } from '../../../ui/totals';
import { invoiceColumns } from './invoice-columns';
import type { InvoiceListSearch, InvoiceView } from './invoice-list-search';
import { filterOf } from './invoice-views';

const route = getRouteApi('/signed-in/invoices');

const NOTHING: Partial<Record<InvoiceView, string>> = {
  drafts: 'No draft waits. The billing run makes them when a period ends.',
  open: 'Nobody owes anything on a finalized invoice.',
  overdue: 'Nothing is late.',
  paid: 'No invoice was paid yet. A payment is recorded on the page of its invoice.',
};

const isNarrowed = ({ view: _, cursor: __, ...filter }: InvoiceListSearch) => Object.values(filter).some(Boolean);

export const InvoiceRows = () => {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch, isPlaceholderData } = useQuery(invoicesQuery(filterOf(search)));
  const isEmpty = data?.data.length === 0 && !isPlaceholderData;
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  return (
    <>
      {!isEmpty && (
        <DataTable
          caption="Invoices"
          columns={invoiceColumns}
          rows={data?.data}
          rowId={({ id }) => id}
          numeric={['total', 'amount_due']}
        />
      )}
      {data && !isEmpty && (
        <Totals
          rows={data.data}
          sums={{
            Total: ({ total }) => total,
            Due: ({ status, amount_due }) => (status === 'open' ? amount_due : '0'),
          }}
          isPart={data.next_cursor !== null || search.cursor !== undefined}
        />
      )}
      {isEmpty && isNarrowed(search) && (
        <EmptyState
          icon={IconSearchOff}
          title="No invoice matches"
          action={
            <Button variant="default" onClick={() => navigate({ search: ({ view }) => ({ view }) })}>
              Clear the filters
            </Button>
          }
        >
          No invoice in this view has this number, or is of this customer.
        </EmptyState>
      )}
      {isEmpty && !isNarrowed(search) && (
        <EmptyState
          icon={IconFileInvoice}
          title={search.view ? 'Nothing here' : 'No invoices yet'}
          action={!search.view && <RouterButton to="/subscriptions">See the subscriptions</RouterButton>}
        >
          {(search.view && NOTHING[search.view]) ??
            'The billing run makes a draft for each subscription whose period has ended. One can be made earlier from the page of a subscription.'}
        </EmptyState>
      )}
      <Pager
        isFirst={!search.cursor}
        next={data?.next_cursor ?? null}
        onGo={(cursor) => navigate({ search: (previous) => ({ ...previous, cursor }) })}
      />
    </>
  );
};
