import { Button } from '@mantine/core';
import { IconPlus, IconRobot, IconSearchOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { clientsQuery } from '../../../api/clients';
import { createClientCommand } from '../../../api/curl';
import { usePermission } from '../../../api/session';
import { Command } from '../../../ui/command';
import { DataTable } from '../../../ui/data-table';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorAlert } from '../../../ui/error-alert';
import { RouterButton } from '../../../ui/links';
import { PageHeader } from '../../../ui/page-header';
import { Pager } from '../../../ui/pager';
import { clientColumns } from './client-columns';
import { ClientFilterBar } from './client-filter-bar';
import { ListActions } from './list-actions';

const route = getRouteApi('/signed-in/clients');

export const ClientListPage = () => {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const mayCreate = usePermission('clients:write');
  const { data, error, refetch, isPlaceholderData } = useQuery(clientsQuery(filter));
  const isFiltered = Boolean(filter.search || filter.status);
  const isEmpty = data?.data.length === 0 && !isPlaceholderData;
  const createButton = mayCreate && (
    <RouterButton to="/clients/actions/create" leftSection={<IconPlus size={16} aria-hidden />}>
      Create a client
    </RouterButton>
  );

  return (
    <>
      <PageHeader
        title="Clients"
        description="Programs that get tokens, and how each of them proves who it is."
        actions={
          <>
            <ListActions mayImport={mayCreate} />
            {!(isEmpty && !isFiltered) && createButton}
          </>
        }
      />
      {(isFiltered || !isEmpty) && <ClientFilterBar />}
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!error && !isEmpty && (
        <DataTable caption="Clients" columns={clientColumns} rows={data?.data} rowId={(row) => row.client_id} />
      )}
      {isEmpty && isFiltered && (
        <EmptyState
          icon={IconSearchOff}
          title="No client matches"
          action={
            <Button variant="default" onClick={() => navigate({ search: {} })}>
              Clear the filters
            </Button>
          }
        >
          Nothing is called like this, or has this status.
        </EmptyState>
      )}
      {isEmpty && !isFiltered && (
        <EmptyState
          icon={IconRobot}
          title="No clients yet"
          action={createButton}
          example={<Command label="Create a client" command={createClientCommand(window.location.origin)} />}
        >
          A client is a program that asks for tokens: a service, a job, a partner’s system. The same with curl:
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
