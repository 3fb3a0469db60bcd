import { Alert, Button, Group, Stack } from '@mantine/core';
import { ScopePicker } from '../scope-picker';
import type { Draft, DraftErrors } from './draft';

type Props = {
  draft: Draft;
  errors: DraftErrors;
  onChange: (part: Partial<Draft>) => void;
  onBack: () => void;
  onNext: () => void;
};

export const ScopesStep = ({ draft, errors, onChange, onBack, onNext }: Props) => (
  <Stack>
    {errors.scopes && <Alert color="red" role="alert" title={errors.scopes} />}
    <ScopePicker value={draft.scopes} onChange={(scopes) => onChange({ scopes })} />
    <Group justify="space-between">
      <Button variant="default" onClick={onBack}>
        Back
      </Button>
      <Button onClick={onNext}>Next: review</Button>
    </Group>
  </Stack>
);
