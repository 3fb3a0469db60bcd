import {
  type Combine,
  type CreateFeatureRequest,
  createFeatureRequest,
  type FeatureType,
} from '@bastionary/contracts/entitlements';
import { combinesOf, emptyValue } from '@bastionary/entitlements/rules/feature-value';
import { Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { catalogueKeys, createFeature } from '../../../api/catalogue';
import { ApiError } from '../../../api/http';
import { idempotencyKey } from '../../../api/idempotency-key';
import { Choice } from '../../../ui/choice';
import { Dialog } from '../../../ui/dialog';
import { DialogActions } from '../../../ui/dialog-actions';
import { ErrorAlert } from '../../../ui/error-alert';
import { toast } from '../../../ui/toast';
import { COMBINES, keyFrom, TYPES } from '../feature-words';
import { readValue, type ValueDraft, writeValue } from '../value-draft';
import { ValueField } from '../value-field';

const TYPE_OPTIONS = Object.entries(TYPES).map(([value, words]) => ({ value, ...words }));

export const CreateFeature = ({ onClose }: { onClose: () => void }) => (
  <Dialog opened onClose={onClose} title="Add a feature" size="lg">
    <Fields onClose={onClose} />
  </Dialog>
);

const Fields = ({ onClose }: { onClose: () => void }) => {
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [typedKey, setTypedKey] = useState<string | null>(null);
  const [type, setType] = useState<FeatureType>('switch');
  const [combine, setCombine] = useState<Combine>('any');
  const [initial, setInitial] = useState<ValueDraft>(readValue('switch', false));
  const [description, setDescription] = useState('');
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [intent, setIntent] = useState(idempotencyKey);
  const key = typedKey ?? keyFrom(name);
  const create = useMutation({
    mutationFn: (body: CreateFeatureRequest) => createFeature(body, intent),
    onSuccess: async (made) => {
      await queryClient.invalidateQueries({ queryKey: catalogueKeys.all });
      toast(`${made.name} is added.`);
      onClose();
    },
    onError: () => setIntent(idempotencyKey()),
  });
  const faults: Record<string, string> = {
    ...(create.error instanceof ApiError ? create.error.fieldErrors : {}),
    ...typed,
  };

  const choose = (next: FeatureType) => {
    setType(next);
    setCombine(combinesOf(next)[0] ?? 'latest');
    setInitial(next === 'value' ? { type: next, typed: 'null', form: 'json' } : readValue(next, emptyValue(next)));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.reset();
    const value = writeValue(initial);
    const body = {
      key,
      name,
      type,
      combine,
      default: 'value' in value ? value.value : null,
      description: description.trim() || null,
    };
    const parsed = createFeatureRequest.safeParse(body);
    const found = Object.fromEntries((parsed.error?.issues ?? []).map(({ path, message }) => [path[0], message]));
    const all = { ...found, ...('fault' in value && { default: value.fault }) };
    setTyped(all);
    if (Object.keys(all).length === 0) create.mutate(body);
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label="Name"
          placeholder="API calls"
          autoComplete="off"
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={faults.name}
          data-autofocus
        />
        <TextInput
          label="Key"
          description="What programs and plans know it by. It never changes."
          placeholder="api_calls"
          autoComplete="off"
          spellCheck={false}
          required
          value={key}
          onChange={(event) => setTypedKey(event.currentTarget.value)}
          error={faults.key}
        />
        <Choice
          label="Type"
          description="It never changes."
          options={TYPE_OPTIONS}
          value={type}
          onChange={(next) => choose(next as FeatureType)}
        />
        {combinesOf(type).length > 1 && (
          <Choice
            label="If a customer has it from several plans or add-ons"
            description="It never changes."
            options={combinesOf(type).map((value) => ({
              value,
              label: COMBINES[value].label,
              description: COMBINES[value].description,
            }))}
            value={combine}
            onChange={(next) => setCombine(next as Combine)}
          />
        )}
        <ValueField
          label="Default"
          description="What a customer has whom nobody granted it."
          draft={initial}
          onChange={setInitial}
          error={faults.default}
        />
        <TextInput
          label="Description"
          autoComplete="off"
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          error={faults.description}
        />
        {create.error && Object.keys(faults).length === 0 && <ErrorAlert error={create.error} />}
        <DialogActions onCancel={onClose} isPending={create.isPending}>
          Add the feature
        </DialogActions>
      </Stack>
    </form>
  );
};
