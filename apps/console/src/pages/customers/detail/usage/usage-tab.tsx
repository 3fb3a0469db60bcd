import { NativeSelect, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { metersQuery } from '../../../../api/meters';
import { ErrorAlert } from '../../../../ui/error-alert';
import { RouterAnchor } from '../../../../ui/links';
import { UsageOverTime } from '../../../usage/usage-over-time';
import classes from './usage-tab.module.css';

/** What a meter counted of a customer this month. */
export const UsageTab = ({ customerId }: { customerId: string }) => {
  const { data: meters, error, refetch } = useQuery(metersQuery);
  const [chosen, setChosen] = useState<string>();
  const meter = meters?.find(({ key }) => key === chosen) ?? meters?.[0];
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (meters?.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        There is no meter yet; a meter makes a number of what customers use.
      </Text>
    );
  }
  return (
    meter && (
      <>
        <div className={classes.bar}>
          <NativeSelect
            label="Meter"
            data={(meters ?? []).map(({ key, name }) => ({ value: key, label: name }))}
            value={meter.key}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
          <RouterAnchor to="/usage" search={{ customer: customerId, meter: meter.key }} size="sm">
            Other times and groups
          </RouterAnchor>
        </div>
        <UsageOverTime search={{ customer: customerId, meter: meter.key }} unit={meter.unit} />
      </>
    )
  );
};
