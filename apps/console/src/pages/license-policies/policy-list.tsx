import { Button } from '@mantine/core';
import { IconLicense, IconPlus, IconSearchOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { policiesQuery } from '../../api/license-policies';
import { usePermission } from '../../api/session';
import { DataTable } from '../../ui/data-table';
import { EmptyState } from '../../ui/empty-state';
import { ErrorAlert } from '../../ui/error-alert';
import { RouterButton } from '../../ui/links';
import { MissingPermission } from '../../ui/missing-permission';
import { PageHeader } from '../../ui/page-header';
import { Pager } from '../../ui/pager';
import { SearchFilter } from '../../ui/search-filter';
import { policyColumns } from './policy-columns';

const route = getRouteApi('/signed-in/license-policies');

export const PolicyListPage = () => {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const maySee = usePermission('licenses:read');
  const mayWrite = usePermission('license_policies:write');
  const { data, error, refetch, isPlaceholderData } = useQuery({ ...policiesQuery(filter), enabled: maySee });
  const isEmpty = data?.data.length === 0 && !isPlaceholderData;
  const createButton = mayWrite && (
    <RouterButton to="/license-policies/actions/create" leftSection={<IconPlus size={16} aria-hidden />}>
      Create a policy
    </RouterButton>
  );

  if (!maySee) return <MissingPermission permission="licenses:read" />;
  return (
    <>
      <PageHeader
        title="Licence policies"
        description="What licences have in common: seats, expiry, heartbeats, and how their keys are made."
        actions={!(isEmpty && !filter.search) && createButton}
      />
      {(filter.search || !isEmpty) && (
        <SearchFilter
          label="Search the policies"
          placeholder="Search by name"
          value={filter.search}
          onSearch={(search) => navigate({ search: { search } })}
        />
      )}
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!error && !isEmpty && (
        <DataTable
          caption="Licence policies"
          columns={policyColumns}
          rows={data?.data}
          rowId={({ id }) => id}
          numeric={['licenses']}
        />
      )}
      {isEmpty && filter.search && (
        <EmptyState
          icon={IconSearchOff}
          title="No policy matches"
          action={
            <Button variant="default" onClick={() => navigate({ search: {} })}>
              Clear the search
            </Button>
          }
        >
          No policy is called like this.
        </EmptyState>
      )}
      {isEmpty && !filter.search && (
        <EmptyState icon={IconLicense} title="No policy yet" action={createButton}>
          A policy says what the licences under it give: on how many machines, how long, and how programs prove it.
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
