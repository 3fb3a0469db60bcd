import { Button } from '@mantine/core';
import { IconCircleCheck, IconSearchOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { failuresQuery } from '../../api/failures';
import { usePermission } from '../../api/session';
import { DataTable } from '../../ui/data-table';
import { EmptyState } from '../../ui/empty-state';
import { ErrorAlert } from '../../ui/error-alert';
import { FilterBar } from '../../ui/filter-bar';
import { MissingPermission } from '../../ui/missing-permission';
import { PageHeader } from '../../ui/page-header';
import { Pager } from '../../ui/pager';
import { failureColumns } from './failure-columns';

const route = getRouteApi('/signed-in/failures');
const columns = failureColumns({ withClient: true });

const FIELDS = [
  { name: 'trace_id', label: 'Trace id', placeholder: 'paste the X-Request-Id' },
  { name: 'client_id', label: 'Client', placeholder: 'my_client_id' },
] as const;

export const FailuresPage = () => {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const maySee = usePermission('failures:read');
  const { data, error, refetch, isPlaceholderData } = useQuery({ ...failuresQuery(filter), enabled: maySee });
  const isFiltered = Boolean(filter.client_id || filter.trace_id);
  const isEmpty = data?.data.length === 0 && !isPlaceholderData;

  if (!maySee) return <MissingPermission permission="failures:read" />;
  return (
    <>
      <PageHeader
        title="Refused requests"
        description="Why a client got no token. Its answer says little, and its X-Request-Id leads here, to the exact reason."
      />
      <FilterBar fields={FIELDS} value={filter} onFilter={(search) => navigate({ search })} />
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!error && !isEmpty && (
        <DataTable caption="Refused requests" columns={columns} rows={data?.data} rowId={({ id }) => id} />
      )}
      {isEmpty && isFiltered && (
        <EmptyState
          icon={IconSearchOff}
          title="No refused request matches"
          action={
            <Button variant="default" onClick={() => navigate({ search: {} })}>
              Clear the filters
            </Button>
          }
        >
          The filters compare whole values. A request arrives here a few seconds after it was refused, and is kept for a
          limited time.
        </EmptyState>
      )}
      {isEmpty && !isFiltered && (
        <EmptyState icon={IconCircleCheck} title="Nothing was refused">
          When a request is refused at the token, introspection or revocation endpoint, it stands here with the exact
          reason: an expired secret, a wrong audience, a clock that is off.
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
