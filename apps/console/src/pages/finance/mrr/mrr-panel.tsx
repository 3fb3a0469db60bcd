import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { mrrSeriesQuery } from '../../../api/finance';
import { Amount } from '../../../ui/amount';
import { type Bar, BarList } from '../../../ui/bar-list';
import { ErrorAlert } from '../../../ui/error-alert';
import { Panel } from '../../../ui/panel';
import type { FinanceSearch } from '../finance-search';
import { type Fall, MOVEMENT_NAMES, waterfall } from './waterfall';

const nameOf = (key: Fall['key']) => {
  if (key === 'start') return 'At the start';
  return key === 'end' ? 'At the end' : MOVEMENT_NAMES[key];
};

/** From the MRR at the start to that at the end; each bar opens the customers behind it. */
export const MrrPanel = ({ search }: { search: FinanceSearch }) => {
  const { data, error, refetch } = useQuery(mrrSeriesQuery(search));
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (!data) return <Skeleton height={280} radius="lg" aria-busy />;
  const { currency, from, to } = data;
  const bars = waterfall(data.data).map(({ key, from: low, to: high, amount }): Bar => {
    const isLevel = key === 'start' || key === 'end';
    return {
      key,
      label: nameOf(key),
      from: low,
      to: high,
      amount: <Amount minor={amount} currency={currency} />,
      isStrong: isLevel,
      ...(!isLevel && { tone: amount < 0n ? ('bad' as const) : ('good' as const) }),
      link: isLevel
        ? {
            to: '/finance/rows/$list',
            params: { list: 'mrr-customers' },
            search: { currency, as_of: key === 'start' ? from : to },
          }
        : { to: '/finance/rows/$list', params: { list: 'mrr-movements' }, search: { currency, from, to, kind: key } },
    };
  });
  return (
    <Panel title="What moved MRR">
      <BarList label="MRR from the start to the end of the period" bars={bars} />
      <Text size="xs" c="dimmed" mt="sm">
        {data.definition}
      </Text>
    </Panel>
  );
};
