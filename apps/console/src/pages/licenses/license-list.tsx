import { Button } from '@mantine/core';
import { IconChecklist, IconLicense, IconPlus, IconSearchOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { licensesQuery } from '../../api/licenses';
import { usePermission } from '../../api/session';
import { DataTable } from '../../ui/data-table';
import { EmptyState } from '../../ui/empty-state';
import { ErrorAlert } from '../../ui/error-alert';
import { RouterButton } from '../../ui/links';
import { MissingPermission } from '../../ui/missing-permission';
import { PageHeader } from '../../ui/page-header';
import { Pager } from '../../ui/pager';
import { IssueLicense } from './acts/issue-license';
import { licenseColumns } from './license-columns';
import { LicenseFilterBar } from './license-filter-bar';

const route = getRouteApi('/signed-in/licenses');

export const LicenseListPage = () => {
  const { issue, ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  const maySee = usePermission('licenses:read');
  const mayIssue = usePermission('licenses:write');
  const [isIssuing, setIssuing] = useState(false);
  const { data, error, refetch, isPlaceholderData } = useQuery({ ...licensesQuery(filter), enabled: maySee });
  const isFiltered = Boolean(filter.search || filter.status || filter.policy || filter.customer_id);
  const isEmpty = data?.data.length === 0 && !isPlaceholderData;

  if (!maySee) return <MissingPermission permission="licenses:read" />;
  return (
    <>
      <PageHeader
        title="Licences"
        description="Who may run what, on how many machines, and until when."
        actions={
          <>
            <RouterButton
              to="/license-tester"
              search={{}}
              variant="default"
              leftSection={<IconChecklist size={16} aria-hidden />}
            >
              Validate
            </RouterButton>
            {mayIssue && (
              <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setIssuing(true)}>
                Issue a licence
              </Button>
            )}
          </>
        }
      />
      {(isFiltered || !isEmpty) && <LicenseFilterBar />}
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!error && !isEmpty && (
        <DataTable caption="Licences" columns={licenseColumns} rows={data?.data} rowId={({ id }) => id} />
      )}
      {isEmpty && isFiltered && (
        <EmptyState
          icon={IconSearchOff}
          title="No licence matches"
          action={
            <Button variant="default" onClick={() => navigate({ search: {} })}>
              Clear the filters
            </Button>
          }
        >
          No licence is called like this, in this state, of this customer and policy. A whole key is looked up under
          “Validate”.
        </EmptyState>
      )}
      {isEmpty && !isFiltered && (
        <EmptyState icon={IconLicense} title="No licence yet">
          A licence is issued by hand, by the API, or by a subscription to a plan that a policy names.
        </EmptyState>
      )}
      <Pager
        isFirst={!filter.cursor}
        next={data?.next_cursor ?? null}
        onGo={(cursor) => navigate({ search: (previous) => ({ ...previous, cursor }) })}
      />
      {(isIssuing || issue) && (
        <IssueLicense
          customerId={filter.customer_id ?? null}
          policyId={filter.policy ?? ''}
          onClose={() => {
            setIssuing(false);
            if (issue) void navigate({ search: filter, replace: true });
          }}
        />
      )}
    </>
  );
};
