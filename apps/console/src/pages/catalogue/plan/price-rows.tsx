import { ActionIcon, Button, NativeSelect, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useRef } from 'react';
import { type ContentFaults, emptyPrice, type PriceDraft } from './content-draft';
import classes from './price-rows.module.css';

type Props = { prices: PriceDraft[]; onChange: (prices: PriceDraft[]) => void; faults: ContentFaults };

const KINDS = [
  { value: 'flat', label: 'flat' },
  { value: 'per_unit', label: 'per unit' },
];
const intervalsFor = (count: string) =>
  ['day', 'week', 'month', 'year'].map((value) => ({ value, label: count.trim() === '1' ? value : `${value}s` }));
const BILLINGS = [
  { value: 'in_advance', label: 'in advance' },
  { value: 'in_arrears', label: 'in arrears' },
];

/** What a version costs: each row is one line of the invoices to come. */
export const PriceRows = ({ prices, onChange, faults }: Props) => {
  const list = useRef<HTMLUListElement>(null);
  const change = (id: string, part: Partial<PriceDraft>) =>
    onChange(prices.map((row) => (row.id === id ? { ...row, ...part } : row)));
  const add = () => {
    onChange([...prices, emptyPrice(prices.at(-1))]);
    requestAnimationFrame(() => list.current?.querySelector<HTMLInputElement>('li:last-child input')?.focus());
  };
  return (
    <>
      {prices.length === 0 && (
        <Text size="sm" c="dimmed" mb="sm">
          No price: it costs nothing.
        </Text>
      )}
      <ul ref={list} className={classes.rows} aria-label="Prices">
        {prices.map((price, index) => {
          const fault = (field: string) => faults[`prices.${price.id}.${field}`];
          return (
            <li key={price.id} className={classes.row}>
              <TextInput
                label="Amount"
                inputMode="decimal"
                placeholder="19.99"
                autoComplete="off"
                value={price.amount}
                onChange={(event) => change(price.id, { amount: event.currentTarget.value })}
                error={fault('amount')}
              />
              <TextInput
                label="Currency"
                placeholder="EUR"
                autoComplete="off"
                spellCheck={false}
                maxLength={3}
                value={price.currency}
                onChange={(event) => change(price.id, { currency: event.currentTarget.value })}
                error={fault('currency')}
              />
              <NativeSelect
                label="Kind"
                data={KINDS}
                value={price.kind}
                onChange={(event) => change(price.id, { kind: event.currentTarget.value as PriceDraft['kind'] })}
              />
              <TextInput
                label="Every"
                inputMode="numeric"
                autoComplete="off"
                value={price.intervalCount}
                onChange={(event) => change(price.id, { intervalCount: event.currentTarget.value })}
                error={fault('interval_count')}
              />
              <NativeSelect
                label="Period"
                data={intervalsFor(price.intervalCount)}
                value={price.interval}
                onChange={(event) =>
                  change(price.id, { interval: event.currentTarget.value as PriceDraft['interval'] })
                }
              />
              <NativeSelect
                label="Billed"
                data={BILLINGS}
                value={price.billing}
                onChange={(event) => change(price.id, { billing: event.currentTarget.value as PriceDraft['billing'] })}
              />
              <TextInput
                label="Key"
                placeholder="optional"
                autoComplete="off"
                spellCheck={false}
                value={price.key}
                onChange={(event) => change(price.id, { key: event.currentTarget.value })}
                error={fault('key')}
              />
              <ActionIcon
                size={36}
                variant="subtle"
                color="gray"
                className={classes.remove}
                aria-label={`Remove price ${index + 1}`}
                onClick={() => onChange(prices.filter(({ id }) => id !== price.id))}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </li>
          );
        })}
      </ul>
      {faults.prices && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {faults.prices}
        </Text>
      )}
      <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
        Add a price
      </Button>
    </>
  );
};
