import { customerStatus } from '@bastionary/contracts/customers';
import { Button, NativeSelect } from '@mantine/core';
import { IconBuilding, IconPlus, IconSearchOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { createCustomerCommand } from '../../../api/curl';
import { customersQuery } from '../../../api/customers';
import { usePermission } from '../../../api/session';
import { Command } from '../../../ui/command';
import { DataTable } from '../../../ui/data-table';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorAlert } from '../../../ui/error-alert';
import { RouterButton } from '../../../ui/links';
import { PageHeader } from '../../../ui/page-header';
import { Pager } from '../../../ui/pager';
import { SearchFilter } from '../../../ui/search-filter';
import { customerColumns } from './customer-columns';

const route = getRouteApi('/signed-in/customers');
const STATUSES = [
  { value: '', label: 'Any status' },
  ...customerStatus.options.map((value) => ({ value, label: value })),
];

export const CustomerListPage = () => {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const mayCreate = usePermission('customers:write');
  const { data, error, refetch, isPlaceholderData } = useQuery(customersQuery(filter));
  const isFiltered = Boolean(filter.search || filter.status);
  const isEmpty = data?.data.length === 0 && !isPlaceholderData;
  const createButton = mayCreate && (
    <RouterButton to="/customers/actions/create" leftSection={<IconPlus size={16} aria-hidden />}>
      Create a customer
    </RouterButton>
  );

  return (
    <>
      <PageHeader
        title="Customers"
        description="Businesses that buy, and what each of them may do."
        actions={!(isEmpty && !isFiltered) && createButton}
      />
      {(isFiltered || !isEmpty) && (
        <SearchFilter
          label="Search customers"
          placeholder="Search by name, e-mail or id"
          value={filter.search}
          onSearch={(search) => navigate({ search: ({ status }) => ({ status, search }), replace: true })}
        >
          <NativeSelect
            aria-label="Status"
            data={STATUSES}
            value={filter.status ?? ''}
            onChange={(event) => {
              const status = customerStatus.safeParse(event.currentTarget.value).data;
              void navigate({ search: ({ search }) => ({ search, status }) });
            }}
          />
        </SearchFilter>
      )}
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!error && !isEmpty && (
        <DataTable caption="Customers" columns={customerColumns} rows={data?.data} rowId={({ id }) => id} />
      )}
      {isEmpty && isFiltered && (
        <EmptyState
          icon={IconSearchOff}
          title="No customer matches"
          action={
            <Button variant="default" onClick={() => navigate({ search: {} })}>
              Clear the filters
            </Button>
          }
        >
          Nobody is called like this, or has this status.
        </EmptyState>
      )}
      {isEmpty && !isFiltered && (
        <EmptyState
          icon={IconBuilding}
          title="No customers yet"
          action={createButton}
          example={<Command label="Create a customer" command={createCustomerCommand(window.location.origin)} />}
        >
          A customer subscribes to plans, and has programs that get tokens. What it may do stands in those tokens. The
          same with curl:
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
