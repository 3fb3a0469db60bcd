import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';

type Props = {
  label: string;
  description?: ReactNode;
  currency: string;
  /** As typed: 12.34 */
  value: string;
  onChange: (typed: string) => void;
  error?: ReactNode;
  required?: boolean;
  disabled?: boolean;
};

/** An amount of one currency as text, never a number: see parseAmount. */
export const AmountField = ({ currency, onChange, ...rest }: Props) => (
  <TextInput
    inputMode="decimal"
    autoComplete="off"
    rightSection={<span aria-hidden>{currency}</span>}
    rightSectionWidth={56}
    rightSectionPointerEvents="none"
    onChange={(event) => onChange(event.currentTarget.value)}
    {...rest}
    aria-label={`${rest.label} in ${currency}`}
  />
);
