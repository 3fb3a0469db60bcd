import type { FeatureType } from '@bastionary/contracts/entitlements';
import { Checkbox, Stack, Switch, Textarea } from '@mantine/core';
import { NumberField } from '../../../../ui/number-field';
import type { ValueDraft } from './override-value';

type Props = {
  type: FeatureType;
  draft: ValueDraft;
  onChange: (part: Partial<ValueDraft>) => void;
  error?: string | undefined;
};

/** The value of a feature: what can be chosen depends on what it is. */
export const ValueField = ({ type, draft, onChange, error }: Props) => {
  if (type === 'switch') {
    return (
      <Switch
        label={draft.isOn ? 'On' : 'Off'}
        aria-label="Value"
        checked={draft.isOn}
        onChange={(event) => onChange({ isOn: event.currentTarget.checked })}
        error={error}
        data-autofocus
      />
    );
  }
  if (type === 'limit') {
    return (
      <Stack gap="xs">
        <NumberField
          label="Value"
          value={draft.isUnlimited ? '' : draft.typed}
          onChange={(typed) => onChange({ typed })}
          disabled={draft.isUnlimited}
          error={error}
        />
        <Checkbox
          label="Unlimited"
          checked={draft.isUnlimited}
          onChange={(event) => onChange({ isUnlimited: event.currentTarget.checked })}
        />
      </Stack>
    );
  }
  return (
    <Textarea
      label="Value"
      description='JSON: a text stands in quotes, such as "eu".'
      rows={3}
      autoComplete="off"
      spellCheck={false}
      value={draft.typed}
      onChange={(event) => onChange({ typed: event.currentTarget.value })}
      error={error}
    />
  );
};
