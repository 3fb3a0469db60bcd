import { IconGauge } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { metersQuery } from '../../api/meters';
import { usePermission } from '../../api/session';
import { EmptyState } from '../../ui/empty-state';
import { ErrorAlert } from '../../ui/error-alert';
import { RouterButton } from '../../ui/links';
import { MissingPermission } from '../../ui/missing-permission';
import { PageHeader } from '../../ui/page-header';
import { UsageFilterBar } from './usage-filter-bar';
import { UsageOverTime } from './usage-over-time';
import { UsageTabs } from './usage-tabs';

const route = getRouteApi('/signed-in/usage');

/** What meters counted, by time, customer and dimension. */
export const UsagePage = () => {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const maySee = usePermission('usage:read');
  const maySeeMeters = usePermission('catalogue:read');
  const { data: meters, error, refetch } = useQuery({ ...metersQuery, enabled: maySee && maySeeMeters });
  const key = search.meter ?? meters?.[0]?.key;
  const meter = meters?.find((each) => each.key === key);
  if (!maySee) return <MissingPermission permission="usage:read" />;
  return (
    <>
      <PageHeader title="Usage" description="What meters counted, up to the last event." />
      <UsageTabs here="usage" />
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {meters?.length === 0 && (
        <EmptyState
          icon={IconGauge}
          title="No meter counts yet"
          action={<RouterButton to="/meters">See the meters</RouterButton>}
        >
          Create a meter: it makes a number of the events that customers’ programs send, also of those that came before.
        </EmptyState>
      )}
      {key !== undefined && (
        <>
          <UsageFilterBar
            value={{ ...search, meter: key }}
            meters={meters ?? []}
            onChange={(next) => navigate({ search: next })}
          />
          <UsageOverTime search={{ ...search, meter: key }} unit={meter?.unit ?? null} />
        </>
      )}
    </>
  );
};
