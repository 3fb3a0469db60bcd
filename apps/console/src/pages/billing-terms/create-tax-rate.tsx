import { createTaxRateRequest } from '@bastionary/contracts/billing-terms';
import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { billingKeys, createTaxRate } from '../../api/billing-terms';
import { CreationDialog } from '../../ui/creation-dialog';
import { KeyField } from '../../ui/key-field';
import { NumberField } from '../../ui/number-field';
import { SearchSelect } from '../../ui/search-select';
import { useCreation } from '../../ui/use-creation';
import { keyFrom } from '../catalogue/feature-words';
import { countries } from '../customers/places';

const EMPTY = { name: '', country: '', percent: '', inclusive: false, reverse_charge: false };

export const CreateTaxRate = ({ onClose }: { onClose: () => void }) => {
  const [draft, setDraft] = useState(EMPTY);
  const [typedKey, setTypedKey] = useState<string | null>(null);
  const [options] = useState(countries);
  const change = (part: Partial<typeof EMPTY>) => setDraft((before) => ({ ...before, ...part }));
  const key = typedKey ?? keyFrom(`${draft.name} ${draft.country}`);
  const creation = useCreation({
    schema: createTaxRateRequest,
    create: createTaxRate,
    stale: billingKeys.all,
    done: ({ name }) => `${name} is created.`,
    onCreated: onClose,
  });
  const { faults } = creation;

  return (
    <CreationDialog
      title="Create a tax rate"
      onClose={onClose}
      onSubmit={() =>
        creation.submit({
          ...draft,
          key,
          name: draft.name.trim(),
          percent: draft.percent.trim(),
          country: draft.country || null,
        })
      }
      creation={creation}
      confirmLabel="Create the tax rate"
    >
      <TextInput
        label="Name"
        description="As it stands on invoices"
        placeholder="VAT"
        autoComplete="off"
        required
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        error={faults.name}
        data-autofocus
      />
      <SearchSelect
        label="Country"
        description="Of the customers it is for; none: of all countries without a rate of their own"
        data={options}
        value={draft.country}
        onChange={(country) => change({ country })}
        error={faults.country}
        clearable
      />
      <NumberField
        label="Percent"
        placeholder="19"
        value={draft.percent}
        onChange={(percent) => change({ percent })}
        error={faults.percent}
      />
      <KeyField value={key} onChange={setTypedKey} error={faults.key} />
      <Checkbox
        label="Prices hold it already"
        checked={draft.inclusive}
        onChange={(event) => change({ inclusive: event.currentTarget.checked })}
      />
      <Checkbox
        label="Reverse charge"
        description="Businesses with a tax id in another country account for it themselves"
        checked={draft.reverse_charge}
        onChange={(event) => change({ reverse_charge: event.currentTarget.checked })}
      />
    </CreationDialog>
  );
};
