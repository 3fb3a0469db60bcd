import { type Plan, type UpdatePlanRequest, updatePlanRequest } from '@bastionary/contracts/plans';
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { catalogueKeys, updatePlan } from '../../../api/catalogue';
import { ApiError } from '../../../api/http';
import { Dialog } from '../../../ui/dialog';
import { ErrorAlert } from '../../../ui/error-alert';
import { toast } from '../../../ui/toast';
import { differences } from '../../../ui/use-draft';

type Props = { plan: Plan; onClose: () => void };

export const EditPlan = ({ plan, onClose }: Props) => (
  <Dialog opened onClose={onClose} title={`Edit ${plan.name}`}>
    <Fields plan={plan} onClose={onClose} />
  </Dialog>
);

const Fields = ({ plan, onClose }: Props) => {
  const queryClient = useQueryClient();
  const [before] = useState({ name: plan.name, description: plan.description });
  const [name, setName] = useState(plan.name);
  const [description, setDescription] = useState(plan.description ?? '');
  const [typed, setTyped] = useState<Record<string, string>>({});
  const update = useMutation({
    mutationFn: (body: UpdatePlanRequest) => updatePlan(plan.key, body),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: catalogueKeys.all });
      toast('The plan is saved.');
      onClose();
    },
  });
  const faults: Record<string, string> = {
    ...(update.error instanceof ApiError ? update.error.fieldErrors : {}),
    ...typed,
  };
  // Only what was changed is sent, so that it overwrites nothing else.
  const change = differences({ name: name.trim(), description: description.trim() || null }, before);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    update.reset();
    const issues = updatePlanRequest.safeParse(change).error?.issues ?? [];
    setTyped(Object.fromEntries(issues.map(({ path, message }) => [path[0], message])));
    if (issues.length === 0) update.mutate(change);
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label="Name"
          autoComplete="off"
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={faults.name}
          data-autofocus
        />
        <TextInput
          label="Description"
          autoComplete="off"
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          error={faults.description}
        />
        {update.error && Object.keys(faults).length === 0 && <ErrorAlert error={update.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={Object.keys(change).length === 0} loading={update.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
};
