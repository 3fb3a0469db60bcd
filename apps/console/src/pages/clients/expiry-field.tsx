import { Group, NativeSelect, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './expiry-field.module.css';

/** What was chosen: no expiry, so many days from now, or a moment in the operator's time zone. */
export type ExpiryChoice = { kind: 'never' | '30' | '90' | '365' | 'custom'; at: string };

const KINDS = [
  { value: 'never', label: 'Does not expire' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: 'custom', label: 'At a certain time' },
];

const DAY = 86_400_000;

/** The instant on the wire; undefined if the moment is incomplete. */
export const toExpiry = ({ kind, at }: ExpiryChoice, now: Date): string | null | undefined => {
  if (kind === 'never') return null;
  const date = kind === 'custom' ? new Date(at) : new Date(now.getTime() + Number(kind) * DAY);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace(/\.\d+Z$/, 'Z');
};

/** The value of a datetime-local field: local time, without an offset. */
export const toLocal = (instant: string) => {
  const date = new Date(instant);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

export const fromExpiry = (expiry: string | null): ExpiryChoice =>
  expiry === null ? { kind: 'never', at: '' } : { kind: 'custom', at: toLocal(expiry) };

type Props = {
  value: ExpiryChoice;
  onChange: (choice: ExpiryChoice) => void;
  error?: ReactNode;
  /** What follows at that moment. */
  description?: string;
};

export const ExpiryField = ({ value, onChange, error, description = 'After it the client gets no token.' }: Props) => (
  <Group align="flex-end" gap="sm" className={classes.fields}>
    <NativeSelect
      label="Expiry"
      description={description}
      data={KINDS}
      value={value.kind}
      onChange={(event) => onChange({ ...value, kind: event.currentTarget.value as ExpiryChoice['kind'] })}
      error={value.kind !== 'custom' && error}
    />
    {value.kind === 'custom' && (
      <TextInput
        label="Date and time"
        type="datetime-local"
        value={value.at}
        onChange={(event) => onChange({ ...value, at: event.currentTarget.value })}
        error={error}
        required
      />
    )}
  </Group>
);
