import { NativeSelect, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { financeOverviewQuery, receivablesQuery } from '../../api/finance';
import { usePermission } from '../../api/session';
import { Amount } from '../../ui/amount';
import { type Bar, BarList } from '../../ui/bar-list';
import { ErrorAlert } from '../../ui/error-alert';
import { MissingPermission } from '../../ui/missing-permission';
import { PageHeader } from '../../ui/page-header';
import { Panel } from '../../ui/panel';
import { Time } from '../../ui/time';
import classes from '../subscriptions/subscription-filter-bar.module.css';
import { DunningPanel } from './dunning-panel';

const route = getRouteApi('/signed-in/receivables');

/** The end of a day in UTC: the day itself is part of what was open then. */
const endOf = (day: string) => (day === '' ? undefined : new Date(Date.parse(day) + 86_400_000).toISOString());
const dayOf = (instant: string | undefined) =>
  instant === undefined ? '' : new Date(Date.parse(instant) - 1).toISOString().slice(0, 10);

export const ReceivablesPage = () => {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const maySee = usePermission('revenue:read');
  const { data, error, refetch } = useQuery({ ...receivablesQuery(search), enabled: maySee });
  const currencies = useQuery({ ...financeOverviewQuery({}), enabled: maySee }).data?.currencies ?? [];
  if (!maySee) return <MissingPermission permission="revenue:read" />;
  const currency = data?.currency ?? search.currency;
  return (
    <>
      <PageHeader title="Receivables" description={data?.definition ?? 'What customers owe, by how late it is.'} />
      <search className={classes.bar}>
        <NativeSelect
          label="Currency"
          data={[...new Set([...(currency ? [currency] : []), ...currencies])]}
          value={currency ?? ''}
          onChange={(event) => navigate({ search: { ...search, currency: event.currentTarget.value } })}
        />
        <TextInput
          label="As of the end of"
          type="date"
          value={dayOf(search.as_of)}
          onChange={(event) => navigate({ search: { ...search, as_of: endOf(event.currentTarget.value) } })}
        />
      </search>
      <Stack gap="lg">
        {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
        {!data && !error && <Skeleton height={220} radius="lg" aria-busy />}
        {data && (
          <Panel title="By age">
            <BarList
              label="Open amounts by age"
              bars={[
                ...data.buckets.map(
                  ({ bucket, label, invoices, amount }): Bar => ({
                    key: bucket,
                    label: `${label} (${invoices.toLocaleString()})`,
                    from: 0n,
                    to: BigInt(amount),
                    amount: <Amount minor={amount} currency={data.currency} />,
                    ...(bucket !== 'not_due' && { tone: 'bad' as const }),
                    link: {
                      to: '/finance/rows/$list',
                      params: { list: 'receivables' },
                      search: { currency: data.currency, as_of: search.as_of, bucket },
                    },
                  }),
                ),
                {
                  key: 'total',
                  label: `In all (${data.total.invoices.toLocaleString()})`,
                  from: 0n,
                  to: BigInt(data.total.amount),
                  amount: <Amount minor={data.total.amount} currency={data.currency} />,
                  isStrong: true,
                  link: {
                    to: '/finance/rows/$list',
                    params: { list: 'receivables' },
                    search: { currency: data.currency, as_of: search.as_of },
                  },
                },
              ]}
            />
            <Text size="xs" c="dimmed" mt="sm">
              As of <Time value={data.as_of} as="date-time" />. The same instant asked again answers the same.
            </Text>
          </Panel>
        )}
        <DunningPanel currency={currency} />
      </Stack>
    </>
  );
};
