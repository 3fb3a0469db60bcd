import { Input, NativeSelect, TextInput } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import type { DurationDraft, DurationUnit } from './duration';
import classes from './duration-field.module.css';

const UNITS: { value: DurationUnit; label: string }[] = [
  { value: 'second', label: 'seconds' },
  { value: 'minute', label: 'minutes' },
  { value: 'hour', label: 'hours' },
  { value: 'day', label: 'days' },
];

type Props = {
  label: string;
  description?: ReactNode;
  /** What an empty field stands for. */
  placeholder?: string;
  value: DurationDraft;
  onChange: (value: DurationDraft) => void;
  error?: ReactNode;
  disabled?: boolean;
};

export const DurationField = ({ label, description, placeholder, value, onChange, error, disabled }: Props) => {
  const id = useId();
  return (
    <Input.Wrapper
      label={label}
      description={description}
      error={error}
      id={id}
      labelProps={{ htmlFor: `${id}-amount` }}
    >
      <div className={classes.fields}>
        <TextInput
          id={`${id}-amount`}
          inputMode="decimal"
          autoComplete="off"
          placeholder={placeholder}
          value={value.amount}
          onChange={(event) => onChange({ ...value, amount: event.currentTarget.value })}
          error={Boolean(error)}
          disabled={disabled}
          className={classes.amount}
          aria-describedby={
            [description && `${id}-description`, error && `${id}-error`].filter(Boolean).join(' ') || undefined
          }
        />
        <NativeSelect
          aria-label={`${label}: unit`}
          data={UNITS}
          value={value.unit}
          onChange={(event) => onChange({ ...value, unit: event.currentTarget.value as DurationUnit })}
          disabled={disabled}
          className={classes.unit}
        />
      </div>
    </Input.Wrapper>
  );
};
