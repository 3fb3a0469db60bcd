import { type Aggregation, createMeterRequest } from '@bastionary/contracts/meters';
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { createMeter, meterKeys } from '../../api/meters';
import { Choice } from '../../ui/choice';
import { CreationDialog } from '../../ui/creation-dialog';
import { KeyField } from '../../ui/key-field';
import { ListField } from '../../ui/list-field';
import { useCreation } from '../../ui/use-creation';
import { keyFrom } from '../catalogue/feature-words';
import { AGGREGATIONS } from './meter-columns';

const OPTIONS = Object.entries(AGGREGATIONS).map(([value, words]) => ({ value, ...words }));

export const CreateMeter = ({ onClose }: { onClose: () => void }) => {
  const [name, setName] = useState('');
  const [typedKey, setTypedKey] = useState<string | null>(null);
  const [eventType, setEventType] = useState('');
  const [aggregation, setAggregation] = useState<Aggregation>('count');
  const [property, setProperty] = useState('');
  const [groupBy, setGroupBy] = useState<string[]>([]);
  const [unit, setUnit] = useState('');
  const key = typedKey ?? keyFrom(name);
  const creation = useCreation({
    schema: createMeterRequest,
    create: createMeter,
    stale: meterKeys.all,
    done: (made) => `${made.name} is created.`,
    onCreated: onClose,
  });
  const { faults } = creation;

  const submit = () =>
    creation.submit({
      key,
      ...(name.trim() && { name: name.trim() }),
      event_type: eventType.trim(),
      aggregation,
      ...(aggregation !== 'count' && { property: property.trim() }),
      group_by: groupBy,
      unit: unit.trim() || null,
    });

  return (
    <CreationDialog
      title="Create a meter"
      size="lg"
      onClose={onClose}
      onSubmit={submit}
      creation={creation}
      confirmLabel="Create the meter"
    >
      <TextInput
        label="Name"
        placeholder="API calls"
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={faults.name}
        data-autofocus
      />
      <KeyField
        description="What prices and programs know it by. It never changes."
        placeholder="api_calls"
        value={key}
        onChange={setTypedKey}
        error={faults.key}
      />
      <TextInput
        label="Event type"
        description="Which events it counts"
        placeholder="api.call"
        autoComplete="off"
        spellCheck={false}
        required
        value={eventType}
        onChange={(event) => setEventType(event.currentTarget.value)}
        error={faults.event_type}
      />
      <Choice
        label="What becomes of them"
        description="It never changes."
        options={OPTIONS}
        value={aggregation}
        onChange={(next) => setAggregation(next as Aggregation)}
      />
      {aggregation !== 'count' && (
        <TextInput
          label="Property"
          description="Where in the data of an event the value stands"
          placeholder="bytes"
          autoComplete="off"
          spellCheck={false}
          required
          value={property}
          onChange={(event) => setProperty(event.currentTarget.value)}
          error={faults.property}
        />
      )}
      <ListField
        label="Dimensions"
        description="Properties by which usage can be asked for separately; up to 5."
        placeholder="region"
        emptyText="None: it counts everything together."
        value={groupBy}
        onChange={setGroupBy}
        error={faults.group_by}
      />
      <TextInput
        label="Unit"
        placeholder="calls"
        autoComplete="off"
        value={unit}
        onChange={(event) => setUnit(event.currentTarget.value)}
        error={faults.unit}
      />
    </CreationDialog>
  );
};
