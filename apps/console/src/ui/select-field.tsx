import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';

type Props<Value extends string> = {
  label: string;
  description?: ReactNode;
  options: readonly { value: Value; label: string }[];
  value: Value;
  onChange: (value: Value) => void;
  error?: ReactNode;
};

/** One of a few, in a line. */
export const SelectField = <Value extends string>({ options, onChange, ...rest }: Props<Value>) => (
  <NativeSelect data={[...options]} onChange={(event) => onChange(event.currentTarget.value as Value)} {...rest} />
);
