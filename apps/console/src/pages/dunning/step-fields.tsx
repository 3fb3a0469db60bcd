import type { DunningAct } from '@bastionary/contracts/dunning';
import { ActionIcon, Button, NativeSelect, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { DurationField } from '../../ui/duration-field';
import classes from './step-fields.module.css';
import type { StepDraft } from './steps-draft';

type Props = {
  steps: StepDraft[];
  onChange: (steps: StepDraft[]) => void;
  faults: Record<string, string>;
};

const ACTS: { value: DunningAct; label: string }[] = [
  { value: 'remind', label: 'remind the customer' },
  { value: 'past_due', label: 'subscription past due' },
  { value: 'suspend', label: 'suspend the subscription' },
];

/** A row a step: when, and what then. */
export const StepFields = ({ steps, onChange, faults }: Props) => {
  const [added, setAdded] = useState(0);
  const change = (id: string, part: Partial<StepDraft>) =>
    onChange(steps.map((step) => (step.id === id ? { ...step, ...part } : step)));
  const add = () => {
    setAdded(added + 1);
    onChange([...steps, { id: `added ${added}`, act: 'remind', after: { amount: '', unit: 'day' } }]);
  };
  return (
    <div>
      <ol className={classes.steps}>
        {steps.map(({ id, act, after }, place) => (
          <li key={id} className={classes.step}>
            <DurationField
              label={`Step ${place + 1}: after`}
              value={after}
              onChange={(next) => change(id, { after: next })}
              error={faults[id]}
            />
            <NativeSelect
              aria-label={`What happens at step ${place + 1}`}
              data={ACTS}
              value={act}
              onChange={(event) => change(id, { act: event.currentTarget.value as DunningAct })}
            />
            <ActionIcon
              size={36}
              variant="subtle"
              color="gray"
              aria-label={`Remove step ${place + 1}`}
              onClick={() => onChange(steps.filter((step) => step.id !== id))}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </li>
        ))}
      </ol>
      {faults.steps && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert" mb="sm">
          {faults.steps}
        </Text>
      )}
      <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
        Add a step
      </Button>
    </div>
  );
};
