import { createCouponRequest } from '@bastionary/contracts/billing-terms';
import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { billingKeys, type CouponDraft, createCoupon } from '../../api/billing-terms';
import { AmountField } from '../../ui/amount-field';
import { Choice } from '../../ui/choice';
import { CreationDialog } from '../../ui/creation-dialog';
import { KeyField } from '../../ui/key-field';
import { parseAmount } from '../../ui/money';
import { NumberField } from '../../ui/number-field';
import { SearchSelect } from '../../ui/search-select';
import { useCreation } from '../../ui/use-creation';
import { keyFrom } from '../catalogue/feature-words';
import { currencies } from '../customers/places';

const EMPTY = { name: '', off: 'percent', percent: '', amount: '', currency: 'EUR', duration: 'once', periods: '' };

export const CreateCoupon = ({ onClose }: { onClose: () => void }) => {
  const [draft, setDraft] = useState(EMPTY);
  const [typedKey, setTypedKey] = useState<string | null>(null);
  const [options] = useState(currencies);
  const change = (part: Partial<typeof EMPTY>) => setDraft((before) => ({ ...before, ...part }));
  const key = typedKey ?? keyFrom(draft.name);
  const creation = useCreation({
    schema: createCouponRequest,
    create: createCoupon,
    stale: billingKeys.all,
    done: ({ name }) => `${name} is created.`,
    onCreated: onClose,
  });
  const { faults } = creation;

  const submit = () => {
    const { currency } = draft;
    const amount = parseAmount(draft.amount, currency) ?? '';
    const isPercent = draft.off === 'percent';
    const isAmount = isPercent || /[1-9]/.test(amount);
    creation.submit(
      {
        key,
        name: draft.name.trim(),
        duration: draft.duration as CouponDraft['duration'],
        ...(isPercent ? { percent: draft.percent.trim() } : { amount, currency }),
        ...(draft.duration === 'repeating' && { periods: Number(draft.periods) }),
      },
      isAmount ? {} : { amount: `must be an amount in ${currency}, such as 12.34` },
    );
  };

  return (
    <CreationDialog
      title="Create a coupon"
      onClose={onClose}
      onSubmit={submit}
      creation={creation}
      confirmLabel="Create the coupon"
    >
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
      <KeyField value={key} onChange={setTypedKey} error={faults.key} />
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
    </CreationDialog>
  );
};
