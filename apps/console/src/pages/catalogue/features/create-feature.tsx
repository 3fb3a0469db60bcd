import { type Combine, createFeatureRequest, type FeatureType } from '@bastionary/contracts/entitlements';
import { combinesOf, emptyValue } from '@bastionary/entitlements/rules/feature-value';
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { catalogueKeys, createFeature } from '../../../api/catalogue';
import { Choice } from '../../../ui/choice';
import { CreationDialog } from '../../../ui/creation-dialog';
import { KeyField } from '../../../ui/key-field';
import { useCreation } from '../../../ui/use-creation';
import { COMBINES, keyFrom, TYPES } from '../feature-words';
import { readValue, type ValueDraft, writeValue } from '../value-draft';
import { ValueField } from '../value-field';

const TYPE_OPTIONS = Object.entries(TYPES).map(([value, words]) => ({ value, ...words }));

export const CreateFeature = ({ onClose }: { onClose: () => void }) => {
  const [name, setName] = useState('');
  const [typedKey, setTypedKey] = useState<string | null>(null);
  const [type, setType] = useState<FeatureType>('switch');
  const [combine, setCombine] = useState<Combine>('any');
  const [initial, setInitial] = useState<ValueDraft>(readValue('switch', false));
  const [description, setDescription] = useState('');
  const key = typedKey ?? keyFrom(name);
  const creation = useCreation({
    schema: createFeatureRequest,
    create: createFeature,
    stale: catalogueKeys.all,
    done: (made) => `${made.name} is added.`,
    onCreated: onClose,
  });
  const { faults } = creation;

  const choose = (next: FeatureType) => {
    setType(next);
    setCombine(combinesOf(next)[0] ?? 'latest');
    setInitial(next === 'value' ? { type: next, typed: 'null', form: 'json' } : readValue(next, emptyValue(next)));
  };
  const submit = () => {
    const value = writeValue(initial);
    creation.submit(
      {
        key,
        name,
        type,
        combine,
        default: 'value' in value ? value.value : null,
        description: description.trim() || null,
      },
      'fault' in value ? { default: value.fault } : {},
    );
  };

  return (
    <CreationDialog
      title="Add a feature"
      size="lg"
      onClose={onClose}
      onSubmit={submit}
      creation={creation}
      confirmLabel="Add the feature"
    >
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
      <KeyField
        description="What programs and plans know it by. It never changes."
        placeholder="api_calls"
        value={key}
        onChange={setTypedKey}
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
    </CreationDialog>
  );
};
