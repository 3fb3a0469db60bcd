import type { Usage } from '@bastionary/contracts/usage-queries';
import { Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { usageOverTimeQuery } from '../../api/usage';
import { columnsFor, DataTable } from '../../ui/data-table';
import { ErrorAlert } from '../../ui/error-alert';
import { RouterAnchor } from '../../ui/links';
import { formatDecimal } from '../../ui/money';
import { Panel } from '../../ui/panel';
import { CustomerLink } from '../customers/customer-link';
import { formatZoned } from '../subscriptions/zoned-time';
import { ForecastPanel } from './forecast-panel';
import { ThresholdsPanel } from './thresholds-panel';
import classes from './usage-over-time.module.css';
import type { UsageSearch } from './usage-search';
import { groupName, usageSeries } from './usage-series';

const UsageChart = lazy(() => import('./usage-chart').then((module) => ({ default: module.UsageChart })));

type Row = Usage['data'][number] & { time_zone: string };
const column = columnsFor<Row>();

const Group = ({ group }: Pick<Row, 'group'>) =>
  Object.entries(group ?? {}).map(([name, value]) => (
    <div key={name}>{name === 'customer' && value !== null ? <CustomerLink id={value} /> : (value ?? 'none')}</div>
  ));

const columns = column.columns([
  column.display({
    id: 'start',
    header: 'From',
    cell: ({ row: { original } }) => formatZoned(original.start, original.time_zone),
  }),
  column.display({ id: 'group', header: 'Group', cell: ({ row }) => <Group group={row.original.group} /> }),
  column.display({ id: 'value', header: 'Usage', cell: ({ row }) => formatDecimal(row.original.value) }),
  column.display({ id: 'events', header: 'Events', cell: ({ row }) => formatDecimal(row.original.events) }),
]);

type Props = { search: UsageSearch & { meter: string }; unit: string | null };

/** What a meter counted: in all, as bars, and the same as a table; what will come of it, and who is told. */
export const UsageOverTime = ({ search, unit }: Props) => {
  const { data, error, refetch } = useQuery(usageOverTimeQuery({ window: 'day', ...search }));
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (!data) return <Skeleton height={320} radius="lg" aria-busy />;
  const label = (start: string) => formatZoned(start, data.time_zone).replace(/,? 0?0:00$/, '');
  const { groups, windows } = usageSeries(data.data, label);
  const rows = data.data.map((row): Row => ({ ...row, time_zone: data.time_zone }));
  return (
    <Stack gap="lg">
      <Panel
        title={`${formatDecimal(data.total)}${unit === null ? '' : ` ${unit}`} in all`}
        aside={
          <RouterAnchor to="/usage/events" search={{ customer: search.customer }} size="sm">
            {formatDecimal(data.events)} {data.events === '1' ? 'event' : 'events'}
          </RouterAnchor>
        }
      >
        <Text size="sm" c="dimmed" mb="sm">
          From {formatZoned(data.from, data.time_zone)} until before {formatZoned(data.to, data.time_zone)}, in{' '}
          {data.time_zone.replaceAll('_', ' ')}.
          {data.groups_left_out > 0 && ` ${data.groups_left_out} smaller groups are left out; the sum has them.`}
        </Text>
        {windows.length > 0 && (
          <div className={classes.chart}>
            <Suspense fallback={<Skeleton height={260} />}>
              <UsageChart windows={windows} groups={groups} />
            </Suspense>
          </div>
        )}
      </Panel>
      {search.customer !== undefined && <ForecastPanel meter={search.meter} customer={search.customer} unit={unit} />}
      <ThresholdsPanel meter={search.meter} customer={search.customer} unit={unit} />
      {rows.length > 0 && (
        <DataTable
          caption="Usage by time and group"
          columns={columns}
          rows={rows}
          rowId={(row) => `${row.start} ${groupName(row)}`}
          numeric={['value', 'events']}
        />
      )}
      {rows.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing was counted in this time.
        </Text>
      )}
    </Stack>
  );
};
