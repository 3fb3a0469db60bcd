import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';

type Props = {
  label: string;
  description?: ReactNode;
  placeholder?: string;
  value: string;
  onChange: (typed: string) => void;
  error?: ReactNode;
  disabled?: boolean;
};

/** A whole number as text: what cannot be one is said, not silently corrected. */
export const NumberField = ({ onChange, ...rest }: Props) => (
  <TextInput
    inputMode="numeric"
    autoComplete="off"
    onChange={(event) => onChange(event.currentTarget.value)}
    {...rest}
  />
);
