import type { RevenueTable } from '@bastionary/contracts/finance';
import { Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { financeOverviewQuery, revenueTableQuery, WITHOUT } from '../../../api/finance';
import { usePermission } from '../../../api/session';
import { Amount } from '../../../ui/amount';
import { type Bar, BarList } from '../../../ui/bar-list';
import { ErrorAlert } from '../../../ui/error-alert';
import { RouterAnchor } from '../../../ui/links';
import { MissingPermission } from '../../../ui/missing-permission';
import { PageHeader } from '../../../ui/page-header';
import { Panel } from '../../../ui/panel';
import { countryName } from '../../customers/places';
import type { FinanceSearch } from '../finance-search';
import { SpanBar } from '../span-bar';

const route = getRouteApi('/signed-in/finance/revenue');

const BY = { plan: 'By plan', country: 'By country', customer: 'By customer', month: 'By month' } as const;
type By = keyof typeof BY;

export const RevenuePage = () => {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const maySee = usePermission('revenue:read');
  const overview = useQuery({ ...financeOverviewQuery({}), enabled: maySee }).data;
  const { currency, from, to } = search;
  const span = { currency, from, to };
  if (!maySee) return <MissingPermission permission="revenue:read" />;
  return (
    <>
      <PageHeader
        above={
          <RouterAnchor to="/finance" search={{}} size="sm">
            ← Finance
          </RouterAnchor>
        }
        title="Revenue"
        description="What was invoiced, less what credit notes and voiding took back."
      />
      <SpanBar
        value={span}
        onChange={(next) => navigate({ search: next })}
        currency={currency ?? overview?.currency}
        currencies={overview?.currencies ?? []}
      />
      <Stack gap="lg">
        {(Object.keys(BY) as By[]).map((by) => (
          <RevenuePanel key={by} by={by} span={span} />
        ))}
      </Stack>
    </>
  );
};

const RevenuePanel = ({ by, span }: { by: By; span: FinanceSearch }) => {
  const { data, error, refetch } = useQuery(revenueTableQuery({ ...span, by }));
  return (
    <Panel
      title={BY[by]}
      aside={
        data && (
          <RouterAnchor
            to="/finance/rows/$list"
            params={{ list: 'revenue-lines' }}
            search={{ currency: data.currency, from: data.from, to: data.to }}
            size="sm"
          >
            <Amount minor={data.total.amount} currency={data.currency} />
          </RouterAnchor>
        )
      }
    >
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!data && !error && <Skeleton height={120} aria-busy />}
      {data?.data.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing was invoiced in this period.
        </Text>
      )}
      {data && data.data.length > 0 && (
        <BarList
          label={`Revenue ${BY[by].toLowerCase()}`}
          bars={data.data.slice(0, 20).map((row) => barOf(row, data))}
        />
      )}
      {data && data.data.length > 20 && (
        <Text size="xs" c="dimmed" mt="xs">
          The 20 largest of {data.data.length}; all of them stand in the lines.
        </Text>
      )}
    </Panel>
  );
};

const barOf = (
  { key, label, amount, invoiced, taken_back }: RevenueTable['data'][number],
  table: RevenueTable,
): Bar => {
  const { by, currency, from, to } = table;
  const span = { currency, from, to };
  const value = key ?? WITHOUT;
  const narrowed =
    by === 'customer' ? { customer_id: value } : by === 'month' ? monthSpan(value, span) : { [by]: value };
  return {
    key: value,
    label: by === 'country' && key !== null ? countryName(key) : label,
    from: 0n,
    to: BigInt(amount),
    amount: (
      <>
        <Amount minor={amount} currency={currency} />
        {taken_back !== '0' && (
          <Text size="xs" c="dimmed" component="div">
            of <Amount minor={invoiced} currency={currency} />
          </Text>
        )}
      </>
    ),
    link: { to: '/finance/rows/$list', params: { list: 'revenue-lines' }, search: { ...span, ...narrowed } },
  };
};

/** Of `2026-02` the part that lies within the span. */
const monthSpan = (month: string, { from, to }: { from: string; to: string }) => {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const start = new Date(Date.UTC(year, number - 1, 1)).toISOString();
  const end = new Date(Date.UTC(year, number, 1)).toISOString();
  const later = Date.parse(start) > Date.parse(from) ? start : from;
  return { from: later, to: Date.parse(end) < Date.parse(to) ? end : to };
};
