import { createPlanRequest, type Plan } from '@bastionary/contracts/plans';
import { TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { catalogueKeys, createPlan } from '../../../api/catalogue';
import { Choice } from '../../../ui/choice';
import { CreationDialog } from '../../../ui/creation-dialog';
import { KeyField } from '../../../ui/key-field';
import { useCreation } from '../../../ui/use-creation';
import { keyFrom } from '../feature-words';

const KINDS = [
  { value: 'plan', label: 'Plan', description: 'What a subscription is on; exactly one at a time.' },
  { value: 'add_on', label: 'Add-on', description: 'Bought on top of a plan, once or several times.' },
];

/** Only what it is called; what it grants and costs is written in its first draft. */
export const CreatePlan = ({ onClose }: { onClose: () => void }) => {
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [typedKey, setTypedKey] = useState<string | null>(null);
  const [kind, setKind] = useState<Plan['kind']>('plan');
  const [description, setDescription] = useState('');
  const key = typedKey ?? keyFrom(name);
  const creation = useCreation({
    schema: createPlanRequest,
    create: createPlan,
    stale: catalogueKeys.all,
    done: (plan) => `${plan.name} is created. Version 1 is a draft.`,
    onCreated: (plan) => navigate({ to: '/catalogue/plans/$planKey', params: { planKey: plan.key }, search: {} }),
  });
  const { faults } = creation;

  return (
    <CreationDialog
      title="Create a plan"
      onClose={onClose}
      onSubmit={() => creation.submit({ key, name, kind, description: description.trim() || null })}
      creation={creation}
      confirmLabel="Create the plan"
    >
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
      <KeyField
        description="What programs know it by. It never changes."
        placeholder="pro"
        value={key}
        onChange={setTypedKey}
        error={faults.key}
      />
      <Choice label="Kind" options={KINDS} value={kind} onChange={(next) => setKind(next as Plan['kind'])} />
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
