import { Radio, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './choice.module.css';

type Option = { value: string; label: string; description: ReactNode };
type Props = {
  label: string;
  description?: ReactNode;
  options: Option[];
  value: string;
  onChange: (value: string) => void;
  isReadOnly?: boolean;
};

/** One of a few, each with what it means. */
export const Choice = ({ label, description, options, value, onChange, isReadOnly = false }: Props) => (
  <Radio.Group label={label} description={description} value={value} onChange={onChange}>
    <Stack gap="xs" mt="xs">
      {options.map((option) => (
        <Radio.Card
          key={option.value}
          value={option.value}
          className={classes.card}
          disabled={isReadOnly}
          aria-label={option.label}
        >
          <Radio.Indicator />
          <div className={classes.words}>
            <div className={classes.label}>{option.label}</div>
            <div className={classes.description}>{option.description}</div>
          </div>
        </Radio.Card>
      ))}
    </Stack>
  </Radio.Group>
);
