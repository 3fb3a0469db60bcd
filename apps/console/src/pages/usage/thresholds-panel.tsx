import { Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { usePermission } from '../../api/session';
import { thresholdsQuery } from '../../api/usage';
import { ErrorAlert } from '../../ui/error-alert';
import { Panel } from '../../ui/panel';
import classes from '../../ui/row-list.module.css';
import { AddThreshold } from './add-threshold';
import { ThresholdRow } from './threshold-row';

type Props = { meter: string; customer: string | undefined; unit: string | null };

/** What usage may reach before somebody is told. */
export const ThresholdsPanel = ({ meter, customer, unit }: Props) => {
  const mayWrite = usePermission('billing:write');
  const { data, error, refetch } = useQuery(thresholdsQuery({ meter, customer_id: customer }));
  return (
    <Panel title="Thresholds">
      <Stack>
        <Text size="sm" c="dimmed">
          When usage reaches one, the event <code>usage.threshold_reached</code> goes to the webhooks, once in its time.
        </Text>
        {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
        {!data && !error && <Skeleton height={60} aria-busy />}
        {data && data.length > 0 && (
          <ul className={classes.rows} aria-label="Thresholds">
            {data.map((threshold) => (
              <ThresholdRow key={threshold.id} threshold={threshold} unit={unit} mayRemove={mayWrite} />
            ))}
          </ul>
        )}
        {data?.length === 0 && <Text size="sm">There is none{customer && ' for this customer'}.</Text>}
        {mayWrite && <AddThreshold key={`${meter} ${customer}`} meter={meter} customer={customer} />}
      </Stack>
    </Panel>
  );
};
