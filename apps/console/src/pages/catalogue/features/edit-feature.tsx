import { type Feature, type UpdateFeatureRequest, updateFeatureRequest } from '@bastionary/contracts/entitlements';
import { Button, Group, Skeleton, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { catalogueKeys, featureQuery, updateFeature } from '../../../api/catalogue';
import { ApiError } from '../../../api/http';
import { Dialog } from '../../../ui/dialog';
import { ErrorAlert } from '../../../ui/error-alert';
import { Facts } from '../../../ui/facts';
import { toast } from '../../../ui/toast';
import { differences, useDraft } from '../../../ui/use-draft';
import { UpdateError } from '../../audit/update-error';
import { COMBINES, TYPES } from '../feature-words';
import { readValue, writeValue } from '../value-draft';
import { ValueField } from '../value-field';
import { NewDefault } from './new-default';

type Props = { featureKey: string; onClose: () => void };

export const EditFeature = ({ featureKey, onClose }: Props) => {
  const { data, error, refetch } = useQuery(featureQuery(featureKey));
  return (
    <Dialog opened onClose={onClose} title={data ? `Edit ${data.body.name}` : 'Edit the feature'} size="lg">
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!data && !error && <Skeleton height={240} />}
      {data && <Fields feature={data.body} etag={data.etag} onClose={onClose} />}
    </Dialog>
  );
};

type FieldsProps = { feature: Feature; etag: string; onClose: () => void };

const readFeature = ({ name, type, default: value, description }: Feature) => ({
  name,
  value: readValue(type, value),
  description: description ?? '',
});

/** A new default is everybody's at once: who gains or loses is shown before it is saved. */
const Fields = ({ feature, etag, onClose }: FieldsProps) => {
  const queryClient = useQueryClient();
  const form = useDraft(readFeature(feature), etag);
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [asked, setAsked] = useState<UpdateFeatureRequest | null>(null);
  const update = useMutation({
    mutationFn: (body: UpdateFeatureRequest) => updateFeature(feature.key, form.etag, body),
    onSuccess: async (saved) => {
      await queryClient.invalidateQueries({ queryKey: catalogueKeys.all });
      toast(`${saved.name} is saved.`);
      onClose();
    },
    onError: () => setAsked(null),
  });
  const faults: Record<string, string> = {
    ...(update.error instanceof ApiError ? update.error.fieldErrors : {}),
    ...typed,
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    update.reset();
    const value = writeValue(form.draft.value);
    const changed = differences(form.draft, form.base);
    const body: UpdateFeatureRequest = {
      ...(changed.name !== undefined && { name: form.draft.name }),
      ...(changed.description !== undefined && { description: form.draft.description.trim() || null }),
      ...(changed.value !== undefined && 'value' in value && { default: value.value }),
    };
    const issues = updateFeatureRequest.safeParse(body).error?.issues ?? [];
    const found = {
      ...Object.fromEntries(issues.map(({ path, message }) => [path[0] ?? 'name', message])),
      ...('fault' in value && { default: value.fault }),
    };
    setTyped(found);
    if (Object.keys(found).length > 0) return;
    if (body.default === undefined) update.mutate(body);
    else setAsked(body);
  };

  if (asked) {
    return (
      <NewDefault
        feature={{ ...feature, ...asked }}
        isPending={update.isPending}
        onBack={() => setAsked(null)}
        onSave={() => update.mutate(asked)}
      />
    );
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Facts
          facts={[
            ['Key', <code key="key">{feature.key}</code>],
            ['Type', `${TYPES[feature.type].label}, for ever`],
            ['If several grant it', COMBINES[feature.combine].description],
          ]}
        />
        <TextInput
          label="Name"
          autoComplete="off"
          required
          value={form.draft.name}
          onChange={(event) => form.change({ name: event.currentTarget.value })}
          error={faults.name}
          data-autofocus
        />
        <ValueField
          label="Default"
          description="What a customer has whom nobody granted it."
          draft={form.draft.value}
          onChange={(value) => form.change({ value })}
          error={faults.default}
        />
        <TextInput
          label="Description"
          autoComplete="off"
          value={form.draft.description}
          onChange={(event) => form.change({ description: event.currentTarget.value })}
          error={faults.description}
        />
        {update.error && (
          <UpdateError
            error={update.error}
            target={`feature:${feature.key}`}
            queryKey={catalogueKeys.feature(feature.key)}
            onReload={() => {
              form.reset();
              update.reset();
            }}
          />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={!form.isChanged} loading={update.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
};
