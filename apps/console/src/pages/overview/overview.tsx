import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { overviewQuery } from '../../api/overview';
import { usePermission } from '../../api/session';
import { ErrorAlert } from '../../ui/error-alert';
import { RouterButton } from '../../ui/links';
import { PageHeader } from '../../ui/page-header';
import { TokensPerHour } from '../../ui/tokens-per-hour';
import { Checklist } from './checklist';
import { ClientCounts } from './client-counts';
import { Expiring } from './expiring';

export const OverviewPage = () => {
  const mayCreate = usePermission('clients:write');
  const overview = useQuery({
    ...overviewQuery,
    // Quick while somebody works through the checklist in a terminal beside this page.
    refetchInterval: ({ state }) => (state.data?.checklist.every(({ done_at }) => done_at) ? 30_000 : 2_000),
  });
  const { data, error, refetch } = overview;
  const isComplete = data?.checklist.every(({ done_at }) => done_at) ?? false;

  return (
    <>
      <PageHeader
        title="Overview"
        actions={mayCreate && isComplete && <RouterButton to="/clients/actions/create">Create a client</RouterButton>}
      />
      <Stack gap="lg">
        {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
        {data && <Checklist steps={data.checklist} issuer={data.issuer} />}
        {!data && !error && <Skeleton height={220} radius="lg" />}
        {data && <Expiring expiring={data.expiring} />}
        {!error && <ClientCounts counts={data?.clients} />}
        {!error && (
          <TokensPerHour
            hours={data?.tokens_per_hour}
            emptyHint="No token was issued in the last 24 hours. Counts arrive here a few seconds after the token."
          />
        )}
      </Stack>
    </>
  );
};
