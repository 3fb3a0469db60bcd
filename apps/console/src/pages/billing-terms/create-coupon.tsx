import { createCouponRequest } from '@bastionary/contracts/billing-terms';
import { NativeSelect, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { billingKeys, type CouponDraft, createCoupon } from '../../api/billing-terms';
import { ApiError } from '../../api/http';
import { idempotencyKey } from '../../api/idempotency-key';
import { AmountField } from '../../ui/amount-field';
import { Choice } from '../../ui/choice';
import { Dialog } from '../../ui/dialog';
import { DialogActions } from '../../ui/dialog-actions';
import { ErrorAlert } from '../../ui/error-alert';
import { parseAmount } from '../../ui/money';
import { NumberField } from '../../ui/number-field';
import { SearchSelect } from '../../ui/search-select';
import { toast } from '../../ui/toast';
import { keyFrom } from '../catalogue/feature-words';
import { currencies } from '../customers/places';

const EMPTY = { name: '', off: 'percent', percent: '', amount: '', currency: 'EUR', duration: 'once', periods: '' };

export const CreateCoupon = ({ onClose }: { onClose: () => void }) => {
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(EMPTY);
  const [typedKey, setTypedKey] = useState<string | null>(null);
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [intent, setIntent] = useState(idempotencyKey);
  const [options] = useState(currencies);
  const change = (part: Partial<typeof EMPTY>) => setDraft((before) => ({ ...before, ...part }));
  const key = typedKey ?? keyFrom(draft.name);
  const create = useMutation({
    mutationFn: (body: CouponDraft) => createCoupon(body, intent),
    onSuccess: async (made) => {
      await queryClient.invalidateQueries({ queryKey: billingKeys.all });
      toast(`${made.name} is created.`);
      onClose();
    },
    onError: () => setIntent(idempotencyKey()),
  });
  const faults: Record<string, string> = {
    ...(create.error instanceof ApiError ? create.error.fieldErrors : {}),
    ...typed,
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.reset();
    const amount = parseAmount(draft.amount, draft.currency) ?? '';
    const body: CouponDraft = {
      key,
      name: draft.name.trim(),
      duration: draft.duration as CouponDraft['duration'],
      ...(draft.off === 'percent' ? { percent: draft.percent.trim() } : { amount, currency: draft.currency }),
      ...(draft.duration === 'repeating' && { periods: Number(draft.periods) }),
    };
    const issues = createCouponRequest.safeParse(body).error?.issues ?? [];
    const found = Object.fromEntries(issues.map(({ path, message }) => [String(path[0]), message]));
    if (found.amount) found.amount = `must be an amount in ${draft.currency}, such as 12.34`;
    setTyped(found);
    if (issues.length === 0) create.mutate(body);
  };

  return (
    <Dialog opened onClose={onClose} title="Create a coupon">
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label="Name"
            description="As it stands on invoices"
            autoComplete="off"
            required
            value={draft.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
            error={faults.name}
            data-autofocus
          />
          <TextInput
            label="Key"
            description="It never changes."
            autoComplete="off"
            spellCheck={false}
            required
            value={key}
            onChange={(event) => setTypedKey(event.currentTarget.value)}
            error={faults.key}
          />
          <Choice
            label="What it takes off"
            options={[
              { value: 'percent', label: 'A percentage', description: 'Of each line, before tax.' },
              { value: 'amount', label: 'An amount', description: 'Of invoices in its currency, before tax.' },
            ]}
            value={draft.off}
            onChange={(off) => change({ off })}
          />
          {draft.off === 'percent' ? (
            <NumberField
              label="Percent"
              placeholder="20"
              value={draft.percent}
              onChange={(percent) => change({ percent })}
              error={faults.percent}
            />
          ) : (
            <>
              <SearchSelect
                label="Currency"
                data={options}
                value={draft.currency}
                onChange={(currency) => change({ currency })}
                error={faults.currency}
              />
              <AmountField
                label="Amount"
                currency={draft.currency}
                value={draft.amount}
                onChange={(amount) => change({ amount })}
                error={faults.amount}
              />
            </>
          )}
          <NativeSelect
            label="For how long"
            data={[
              { value: 'once', label: 'once' },
              { value: 'repeating', label: 'for some billing periods' },
              { value: 'forever', label: 'for ever' },
            ]}
            value={draft.duration}
            onChange={(event) => change({ duration: event.currentTarget.value })}
          />
          {draft.duration === 'repeating' && (
            <NumberField
              label="Billing periods"
              placeholder="3"
              value={draft.periods}
              onChange={(periods) => change({ periods })}
              error={faults.periods}
            />
          )}
          {create.error && Object.keys(faults).length === 0 && <ErrorAlert error={create.error} />}
          <DialogActions onCancel={onClose} isPending={create.isPending}>
            Create the coupon
          </DialogActions>
        </Stack>
      </form>
    </Dialog>
  );
};
