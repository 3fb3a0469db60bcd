import { Checkbox, Input, SegmentedControl, Switch, Textarea } from '@mantine/core';
import { useId } from 'react';
import type { ValueDraft } from './value-draft';
import classes from './value-field.module.css';

type Props = {
  label: string;
  description?: string;
  draft: ValueDraft;
  onChange: (draft: ValueDraft) => void;
  error?: string | undefined;
};

const FORMS = [
  { value: 'text', label: 'Text' },
  { value: 'json', label: 'JSON' },
];

/** The value of a feature, by what the feature is. */
export const ValueField = ({ label, description, draft, onChange, error }: Props) => {
  const id = useId();
  if (draft.type === 'switch') {
    return (
      <Switch
        label={`${label}: ${draft.isOn ? 'on' : 'off'}`}
        description={description}
        checked={draft.isOn}
        onChange={(event) => onChange({ ...draft, isOn: event.currentTarget.checked })}
        error={error}
      />
    );
  }
  if (draft.type === 'limit') {
    return (
      <Input.Wrapper id={id} label={label} description={description} error={error}>
        <div className={classes.limit}>
          <Input
            id={id}
            inputMode="numeric"
            autoComplete="off"
            placeholder={draft.isUnlimited ? 'unlimited' : '1000'}
            value={draft.typed}
            onChange={(event) => onChange({ ...draft, typed: event.currentTarget.value })}
            disabled={draft.isUnlimited}
            error={error !== undefined}
            className={classes.amount}
          />
          <Checkbox
            label="Unlimited"
            aria-label={`${label}: unlimited`}
            checked={draft.isUnlimited}
            onChange={(event) => onChange({ ...draft, isUnlimited: event.currentTarget.checked })}
          />
        </div>
      </Input.Wrapper>
    );
  }
  return (
    <div className={classes.value}>
      <SegmentedControl
        aria-label={`${label}: written as`}
        size="xs"
        data={FORMS}
        value={draft.form}
        onChange={(form) => onChange({ ...draft, form: form as 'text' | 'json' })}
        className={classes.form}
      />
      <Textarea
        id={id}
        label={label}
        description={description}
        autosize
        minRows={draft.form === 'json' ? 3 : 1}
        maxRows={12}
        spellCheck={false}
        value={draft.typed}
        onChange={(event) => onChange({ ...draft, typed: event.currentTarget.value })}
        error={error}
        {...(draft.form === 'json' && { classNames: { input: classes.json ?? '' } })}
      />
    </div>
  );
};
