import { type CreatePlanRequest, createPlanRequest } from '@bastionary/contracts/plans';
import { Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { catalogueKeys, createPlan } from '../../../api/catalogue';
import { ApiError } from '../../../api/http';
import { idempotencyKey } from '../../../api/idempotency-key';
import { Choice } from '../../../ui/choice';
import { Dialog } from '../../../ui/dialog';
import { DialogActions } from '../../../ui/dialog-actions';
import { ErrorAlert } from '../../../ui/error-alert';
import { toast } from '../../../ui/toast';
import { keyFrom } from '../feature-words';

const KINDS = [
  { value: 'plan', label: 'Plan', description: 'What a subscription is on; exactly one at a time.' },
  { value: 'add_on', label: 'Add-on', description: 'Bought on top of a plan, once or several times.' },
];

/** Only what it is called; what it grants and costs is written in its first draft. */
export const CreatePlan = ({ onClose }: { onClose: () => void }) => (
  <Dialog opened onClose={onClose} title="Create a plan">
    <Fields onClose={onClose} />
  </Dialog>
);

const Fields = ({ onClose }: { onClose: () => void }) => {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [typedKey, setTypedKey] = useState<string | null>(null);
  const [kind, setKind] = useState<CreatePlanRequest['kind']>('plan');
  const [description, setDescription] = useState('');
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [intent, setIntent] = useState(idempotencyKey);
  const key = typedKey ?? keyFrom(name);
  const create = useMutation({
    mutationFn: (body: CreatePlanRequest) => createPlan(body, intent),
    onSuccess: async (plan) => {
      await queryClient.invalidateQueries({ queryKey: catalogueKeys.all });
      toast(`${plan.name} is created. Version 1 is a draft.`);
      await navigate({ to: '/catalogue/plans/$planKey', params: { planKey: plan.key }, search: {} });
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
    const parsed = createPlanRequest.safeParse({ key, name, kind, description: description.trim() || null });
    setTyped(Object.fromEntries((parsed.error?.issues ?? []).map(({ path, message }) => [path[0], message])));
    if (parsed.success) create.mutate(parsed.data);
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label="Name"
          placeholder="Pro"
          autoComplete="off"
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={faults.name}
          data-autofocus
        />
        <TextInput
          label="Key"
          description="What programs know it by. It never changes."
          placeholder="pro"
          autoComplete="off"
          spellCheck={false}
          required
          value={key}
          onChange={(event) => setTypedKey(event.currentTarget.value)}
          error={faults.key}
        />
        <Choice
          label="Kind"
          options={KINDS}
          value={kind}
          onChange={(next) => setKind(next as CreatePlanRequest['kind'])}
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
          Create the plan
        </DialogActions>
      </Stack>
    </form>
  );
};
