import { TextInput } from '@mantine/core';
import type { CalculatorInput } from './calculate';
import classes from './quantity-field.module.css';

type Props = { input: CalculatorInput; value: string; onChange: (value: string) => void; fault: string | undefined };

// 1, 2, 5, 10 … : a slider that reaches both ten and ten million.
const STOPS = [
  '0',
  ...Array.from({ length: 8 }, (_, power) => ['1', '2', '5'].map((digit) => digit + '0'.repeat(power))).flat(),
];

const stopOf = (value: string) => {
  const number = Number(value.replaceAll(',', ''));
  const beyond = STOPS.findIndex((stop) => Number(stop) > number);
  return beyond === -1 ? STOPS.length - 1 : Math.max(0, beyond - 1);
};

/** A quantity: typed to the last digit, or roughly with the slider. */
export const QuantityField = ({ input, value, onChange, fault }: Props) => (
  <div className={classes.field}>
    <TextInput
      label={input.label}
      inputMode="decimal"
      autoComplete="off"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={fault}
    />
    <input
      type="range"
      className={classes.slider}
      aria-label={`${input.label}, roughly`}
      aria-valuetext={value}
      min={0}
      max={STOPS.length - 1}
      value={stopOf(value)}
      onChange={(event) => onChange(STOPS[Number(event.currentTarget.value)] ?? '0')}
    />
  </div>
);
