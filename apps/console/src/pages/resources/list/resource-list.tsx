import { IconPlus, IconServer } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { createResourceCommand } from '../../../api/curl';
import { resourcesQuery } from '../../../api/resources';
import { usePermission } from '../../../api/session';
import { Command } from '../../../ui/command';
import { DataTable } from '../../../ui/data-table';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorAlert } from '../../../ui/error-alert';
import { RouterButton } from '../../../ui/links';
import { PageHeader } from '../../../ui/page-header';
import { resourceColumns } from './resource-columns';

export const ResourceListPage = () => {
  const mayCreate = usePermission('resources:write');
  const { data, error, refetch } = useQuery(resourcesQuery);
  const createButton = mayCreate && (
    <RouterButton to="/resources/actions/create" leftSection={<IconPlus size={16} aria-hidden />}>
      Create a resource
    </RouterButton>
  );
  return (
    <>
      <PageHeader
        title="Resources"
        description="The APIs that tokens are meant for, and the scopes each of them owns."
        actions={data?.length !== 0 && createButton}
      />
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!error && data?.length !== 0 && (
        <DataTable caption="Resources" columns={resourceColumns} rows={data} rowId={({ id }) => id} />
      )}
      {data?.length === 0 && (
        <EmptyState
          icon={IconServer}
          title="No resources yet"
          action={createButton}
          example={<Command label="Create a resource" command={createResourceCommand(window.location.origin)} />}
        >
          A resource is an API that checks tokens. Its scopes are what a client may be allowed to do there.
        </EmptyState>
      )}
    </>
  );
};
