import type { Threshold, ThresholdWindow } from '@bastionary/contracts/usage-queries';
import { Button, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { deleteThreshold, thresholdKeys } from '../../api/usage';
import { ErrorAlert } from '../../ui/error-alert';
import { formatDecimal } from '../../ui/money';
import classes from '../../ui/row-list.module.css';
import { Time } from '../../ui/time';
import { toast } from '../../ui/toast';
import { CustomerLink } from '../customers/customer-link';

export const WINDOWS: Record<ThresholdWindow, string> = {
  period: 'in a billing period',
  month: 'in a month',
  day: 'in a day',
};

type Props = { threshold: Threshold; unit: string | null; mayRemove: boolean };

export const ThresholdRow = ({ threshold, unit, mayRemove }: Props) => {
  const { id, value, window, customer_id: customer, reached } = threshold;
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteThreshold(id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: thresholdKeys.all });
      toast('The threshold is removed.');
    },
  });
  const words = `${formatDecimal(value)}${unit === null ? '' : ` ${unit}`} ${WINDOWS[window]}`;
  return (
    <li className={classes.row}>
      <div>
        <Text size="sm" fw={600}>
          {words}
        </Text>
        <Text size="xs" c="dimmed" component="div">
          {customer === null ? 'for every customer by itself' : <CustomerLink id={customer} />} ·{' '}
          {reached === null ? (
            'not reached yet'
          ) : (
            <>
              reached by <CustomerLink id={reached.customer_id} /> <Time value={reached.at} />
            </>
          )}
        </Text>
        {remove.error && <ErrorAlert error={remove.error} />}
      </div>
      {mayRemove && (
        <Button
          size="compact-sm"
          variant="subtle"
          aria-label={`Remove ${words}`}
          loading={remove.isPending}
          onClick={() => remove.mutate()}
        >
          Remove
        </Button>
      )}
    </li>
  );
};
