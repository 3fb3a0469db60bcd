import { NativeSelect, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import classes from '../subscriptions/subscription-filter-bar.module.css';
import type { FinanceSearch } from './finance-search';
import { SPAN_LABELS, SPANS, spanName, spanOf } from './spans';

type Props = {
  value: FinanceSearch;
  onChange: (span: FinanceSearch) => void;
  /** Which the page is about, as the api answered, and which others there are. */
  currency: string | undefined;
  currencies: string[];
  /** What else the page is narrowed by. */
  children?: ReactNode;
};

const OPTIONS = [
  ...SPANS.map((value) => ({ value, label: SPAN_LABELS[value] })),
  { value: 'custom', label: 'Other days …' },
];

const dayOf = (instant: string | undefined) => instant?.slice(0, 10) ?? '';
const instantOf = (day: string) => (day === '' ? undefined : `${day}T00:00:00.000Z`);

/** The currency and the time that a finance page is about. Currencies are never added up. */
export const SpanBar = ({ value, onChange, currency, currencies, children }: Props) => {
  const { from, to } = value;
  const [isOther, setOther] = useState(false);
  const named = isOther ? 'custom' : spanName(from, to, new Date());
  const choose = (name: string) => {
    const known = SPANS.find((each) => each === name);
    setOther(known === undefined);
    if (known) onChange({ currency: value.currency, ...spanOf(known, new Date()) });
  };
  return (
    <search className={classes.bar}>
      <NativeSelect
        label="Currency"
        data={[...new Set([...(currency ? [currency] : []), ...currencies])]}
        value={currency ?? ''}
        onChange={(event) => onChange({ ...value, currency: event.currentTarget.value })}
      />
      <NativeSelect
        label="Period"
        data={OPTIONS}
        value={named}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      {named === 'custom' && (
        <>
          <TextInput
            label="From"
            type="date"
            value={dayOf(from)}
            onChange={(event) => onChange({ ...value, from: instantOf(event.currentTarget.value) })}
          />
          <TextInput
            label="Until before"
            type="date"
            value={dayOf(to)}
            onChange={(event) => onChange({ ...value, to: instantOf(event.currentTarget.value) })}
          />
        </>
      )}
      {children}
    </search>
  );
};
