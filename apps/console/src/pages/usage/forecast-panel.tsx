import type { Forecast } from '@bastionary/contracts/usage-queries';
import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { usageForecastQuery } from '../../api/usage';
import { ErrorAlert } from '../../ui/error-alert';
import { Facts } from '../../ui/facts';
import { formatDecimal } from '../../ui/money';
import { Panel } from '../../ui/panel';
import { Period } from '../invoices/period';

type Props = { meter: string; customer: string; unit: string | null };

const METHODS: Record<Forecast['method'], string> = {
  weekly: 'As if every hour to come were as the same hour of the week was on average in the last four weeks.',
  linear: 'As if it went on as fast as it did until now.',
  held: 'As if the largest or newest value stayed: that is what this meter counts.',
};

/** What usage of a customer will be at the end of its billing period. */
export const ForecastPanel = ({ meter, customer, unit }: Props) => {
  const { data, error, refetch } = useQuery(usageForecastQuery({ meter, customer }));
  const measured = (value: string) => `${formatDecimal(value)}${unit === null ? '' : ` ${unit}`}`;
  return (
    <Panel title="In this billing period">
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!data && !error && <Skeleton height={80} aria-busy />}
      {data && (
        <>
          <Facts
            facts={[
              ['Period', <Period key="period" start={data.start} end={data.end} />],
              ['So far', measured(data.so_far)],
              ['Expected at its end', <strong key="forecast">{measured(data.forecast)}</strong>],
            ]}
          />
          <Text size="xs" c="dimmed" mt="sm">
            {METHODS[data.method]}
          </Text>
        </>
      )}
    </Panel>
  );
};
