import { Group, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { financeOverviewQuery, ledgerCsv } from '../../../api/finance';
import { usePermission } from '../../../api/session';
import { CsvButton } from '../../../ui/csv-button';
import { ErrorAlert } from '../../../ui/error-alert';
import { RouterAnchor } from '../../../ui/links';
import { MissingPermission } from '../../../ui/missing-permission';
import { PageHeader } from '../../../ui/page-header';
import { MrrPanel } from '../mrr/mrr-panel';
import { SpanBar } from '../span-bar';
import { Tiles } from './tiles';

const route = getRouteApi('/signed-in/finance');

export const FinanceOverviewPage = () => {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const maySee = usePermission('revenue:read');
  const { data, error, refetch } = useQuery({ ...financeOverviewQuery(search), enabled: maySee });
  if (!maySee) return <MissingPermission permission="revenue:read" />;
  const span = { currency: data?.currency ?? search.currency, from: search.from, to: search.to };
  return (
    <>
      <PageHeader
        title="Finance"
        description="One currency at a time, never added up. Every number opens the rows it is made of, and they are its CSV."
        actions={
          data && (
            <CsvButton
              label="Ledger as CSV"
              href={ledgerCsv({ currency: data.currency, from: data.from, to: data.to })}
            />
          )
        }
      />
      <SpanBar
        value={search}
        onChange={(next) => navigate({ search: next })}
        currency={data?.currency ?? search.currency}
        currencies={data?.currencies ?? []}
      />
      <Stack gap="lg">
        {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
        {!error && !data && <Skeleton height={260} radius="lg" aria-busy />}
        {data && <Tiles overview={data} />}
        {data && <MrrPanel search={span} />}
        <Group gap="lg">
          <RouterAnchor to="/finance/mrr" search={span} size="sm" underline="always">
            MRR, month by month
          </RouterAnchor>
          <RouterAnchor to="/finance/revenue" search={span} size="sm" underline="always">
            Revenue by plan and country
          </RouterAnchor>
          <RouterAnchor to="/receivables" search={{ currency: span.currency }} size="sm" underline="always">
            Receivables
          </RouterAnchor>
        </Group>
      </Stack>
    </>
  );
};
