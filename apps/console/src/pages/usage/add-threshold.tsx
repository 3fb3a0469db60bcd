import {
  type CreateThresholdRequest,
  createThresholdRequest,
  type ThresholdWindow,
} from '@bastionary/contracts/usage-queries';
import { Button, NativeSelect } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../api/http';
import { idempotencyKey } from '../../api/idempotency-key';
import { createThreshold, thresholdKeys } from '../../api/usage';
import { ErrorAlert } from '../../ui/error-alert';
import { NumberField } from '../../ui/number-field';
import { toast } from '../../ui/toast';
import classes from '../subscriptions/subscription-filter-bar.module.css';
import { WINDOWS } from './threshold-row';

type Props = { meter: string; customer: string | undefined };

const WINDOW_OPTIONS = Object.entries(WINDOWS).map(([value, label]) => ({ value, label }));

export const AddThreshold = ({ meter, customer }: Props) => {
  const queryClient = useQueryClient();
  const [value, setValue] = useState('');
  const [window, setWindow] = useState<ThresholdWindow>('period');
  const [whose, setWhose] = useState<'one' | 'all'>(customer === undefined ? 'all' : 'one');
  const [wrong, setWrong] = useState<string>();
  const [intent, setIntent] = useState(idempotencyKey);
  const add = useMutation({
    mutationFn: (body: CreateThresholdRequest) => createThreshold(body, intent),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: thresholdKeys.all });
      setValue('');
      toast('The threshold is added.');
    },
    onSettled: () => setIntent(idempotencyKey()),
  });
  const refused = add.error instanceof ApiError ? add.error.fieldErrors.value : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { meter, customer_id: whose === 'one' ? (customer ?? null) : null, window, value: value.trim() };
    const fault = createThresholdRequest.safeParse(body).error?.issues[0]?.message;
    setWrong(fault);
    if (fault === undefined) add.mutate(body);
  };
  return (
    <form onSubmit={submit} noValidate>
      <div className={classes.bar}>
        <NumberField
          label="Usage reaches"
          placeholder="10000"
          value={value}
          onChange={setValue}
          error={wrong ?? refused}
        />
        <NativeSelect
          label="Within"
          data={WINDOW_OPTIONS}
          value={window}
          onChange={(event) => setWindow(event.currentTarget.value as ThresholdWindow)}
        />
        {customer !== undefined && (
          <NativeSelect
            label="Of"
            data={[
              { value: 'one', label: 'this customer' },
              { value: 'all', label: 'every customer by itself' },
            ]}
            value={whose}
            onChange={(event) => setWhose(event.currentTarget.value as typeof whose)}
          />
        )}
        <Button type="submit" variant="default" loading={add.isPending}>
          Add a threshold
        </Button>
      </div>
      {add.error && refused === undefined && <ErrorAlert error={add.error} />}
    </form>
  );
};
