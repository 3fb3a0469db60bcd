import { createTaxRateRequest } from '@bastionary/contracts/billing-terms';
import { Checkbox, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { billingKeys, createTaxRate, type TaxRateDraft } from '../../api/billing-terms';
import { ApiError } from '../../api/http';
import { idempotencyKey } from '../../api/idempotency-key';
import { Dialog } from '../../ui/dialog';
import { DialogActions } from '../../ui/dialog-actions';
import { ErrorAlert } from '../../ui/error-alert';
import { NumberField } from '../../ui/number-field';
import { SearchSelect } from '../../ui/search-select';
import { toast } from '../../ui/toast';
import { keyFrom } from '../catalogue/feature-words';
import { countries } from '../customers/places';

const EMPTY = { name: '', country: '', percent: '', inclusive: false, reverse_charge: false };

export const CreateTaxRate = ({ onClose }: { onClose: () => void }) => {
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(EMPTY);
  const [typedKey, setTypedKey] = useState<string | null>(null);
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [intent, setIntent] = useState(idempotencyKey);
  const [options] = useState(countries);
  const change = (part: Partial<typeof EMPTY>) => setDraft((before) => ({ ...before, ...part }));
  const key = typedKey ?? keyFrom(`${draft.name} ${draft.country}`);
  const create = useMutation({
    mutationFn: (body: TaxRateDraft) => createTaxRate(body, intent),
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
    const body: TaxRateDraft = {
      ...draft,
      key,
      name: draft.name.trim(),
      percent: draft.percent.trim(),
      country: draft.country || null,
    };
    const issues = createTaxRateRequest.safeParse(body).error?.issues ?? [];
    setTyped(Object.fromEntries(issues.map(({ path, message }) => [String(path[0]), message])));
    if (issues.length === 0) create.mutate(body);
  };

  return (
    <Dialog opened onClose={onClose} title="Create a tax rate">
      <form onSubmit={submit} noValidate>
        <Stack>
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
          {create.error && Object.keys(faults).length === 0 && <ErrorAlert error={create.error} />}
          <DialogActions onCancel={onClose} isPending={create.isPending}>
            Create the tax rate
          </DialogActions>
        </Stack>
      </form>
    </Dialog>
  );
};
