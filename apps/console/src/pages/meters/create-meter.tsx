import { type Aggregation, createMeterRequest } from '@bastionary/contracts/meters';
import { Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../api/http';
import { idempotencyKey } from '../../api/idempotency-key';
import { createMeter, type MeterDraft, meterKeys } from '../../api/meters';
import { Choice } from '../../ui/choice';
import { Dialog } from '../../ui/dialog';
import { DialogActions } from '../../ui/dialog-actions';
import { ErrorAlert } from '../../ui/error-alert';
import { ListField } from '../../ui/list-field';
import { toast } from '../../ui/toast';
import { keyFrom } from '../catalogue/feature-words';
import { AGGREGATIONS } from './meter-columns';

const OPTIONS = Object.entries(AGGREGATIONS).map(([value, words]) => ({ value, ...words }));

export const CreateMeter = ({ onClose }: { onClose: () => void }) => (
  <Dialog opened onClose={onClose} title="Create a meter" size="lg">
    <Fields onClose={onClose} />
  </Dialog>
);

const Fields = ({ onClose }: { onClose: () => void }) => {
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [typedKey, setTypedKey] = useState<string | null>(null);
  const [eventType, setEventType] = useState('');
  const [aggregation, setAggregation] = useState<Aggregation>('count');
  const [property, setProperty] = useState('');
  const [groupBy, setGroupBy] = useState<string[]>([]);
  const [unit, setUnit] = useState('');
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [intent, setIntent] = useState(idempotencyKey);
  const key = typedKey ?? keyFrom(name);
  const create = useMutation({
    mutationFn: (body: MeterDraft) => createMeter(body, intent),
    onSuccess: async (made) => {
      await queryClient.invalidateQueries({ queryKey: meterKeys.all });
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
    const body: MeterDraft = {
      key,
      ...(name.trim() && { name: name.trim() }),
      event_type: eventType.trim(),
      aggregation,
      ...(aggregation !== 'count' && { property: property.trim() }),
      group_by: groupBy,
      unit: unit.trim() || null,
    };
    const issues = createMeterRequest.safeParse(body).error?.issues ?? [];
    setTyped(Object.fromEntries(issues.map(({ path, message }) => [String(path[0]), message])));
    if (issues.length === 0) create.mutate(body);
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label="Name"
          placeholder="API calls"
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={faults.name}
          data-autofocus
        />
        <TextInput
          label="Key"
          description="What prices and programs know it by. It never changes."
          placeholder="api_calls"
          autoComplete="off"
          spellCheck={false}
          required
          value={key}
          onChange={(event) => setTypedKey(event.currentTarget.value)}
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
        {create.error && Object.keys(faults).length === 0 && <ErrorAlert error={create.error} />}
        <DialogActions onCancel={onClose} isPending={create.isPending}>
          Create the meter
        </DialogActions>
      </Stack>
    </form>
  );
};
