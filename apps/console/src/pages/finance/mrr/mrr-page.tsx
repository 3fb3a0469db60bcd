import { NativeSelect, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { financeOverviewQuery, mrrSeriesQuery } from '../../../api/finance';
import { usePermission } from '../../../api/session';
import { ErrorAlert } from '../../../ui/error-alert';
import { Facts } from '../../../ui/facts';
import { RouterAnchor } from '../../../ui/links';
import { MissingPermission } from '../../../ui/missing-permission';
import { PageHeader } from '../../../ui/page-header';
import { Panel } from '../../../ui/panel';
import { SpanBar } from '../span-bar';
import { spanOf } from '../spans';
import { MrrPanel } from './mrr-panel';
import { MrrTable } from './mrr-table';
import { MOVEMENT_NAMES, MOVEMENTS } from './waterfall';

const route = getRouteApi('/signed-in/finance/mrr');
const WINDOWS = ['day', 'week', 'month', 'quarter', 'year'];

export const MrrPage = () => {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const maySee = usePermission('revenue:read');
  const span = search.from ? search : { ...search, ...spanOf('last_12_months', new Date()) };
  const { data, error, refetch } = useQuery({ ...mrrSeriesQuery(span), enabled: maySee });
  const currencies = useQuery({ ...financeOverviewQuery({}), enabled: maySee }).data?.currencies ?? [];
  if (!maySee) return <MissingPermission permission="revenue:read" />;
  const { window: _, ...whole } = span;
  return (
    <>
      <PageHeader
        above={
          <RouterAnchor to="/finance" search={{}} size="sm">
            ← Finance
          </RouterAnchor>
        }
        title="MRR movements"
        description={data?.definition}
      />
      <SpanBar
        value={span}
        onChange={(next) => navigate({ search: { ...next, window: search.window } })}
        currency={data?.currency ?? search.currency}
        currencies={currencies}
      >
        <NativeSelect
          label="By"
          data={WINDOWS}
          value={search.window ?? 'month'}
          onChange={(event) => navigate({ search: { ...search, window: event.currentTarget.value } })}
        />
      </SpanBar>
      <Stack gap="lg">
        <MrrPanel search={whole} />
        {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
        {!data && !error && <Skeleton height={240} radius="lg" aria-busy />}
        {data && <MrrTable series={data} />}
        {data && (
          <Panel title="What the words mean">
            <Facts facts={MOVEMENTS.map((kind) => [MOVEMENT_NAMES[kind], data.definitions[kind]])} />
          </Panel>
        )}
      </Stack>
    </>
  );
};
