import { Button, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useRef } from 'react';
import type { ContentFaults } from './content-draft';
import { emptyPrice, type PriceDraft } from './price-draft';
import { PriceFields } from './price-fields';
import classes from './price-rows.module.css';

type Props = { prices: PriceDraft[]; onChange: (prices: PriceDraft[]) => void; faults: ContentFaults };

/** What a version costs: each row is one line of the invoices to come. */
export const PriceRows = ({ prices, onChange, faults }: Props) => {
  const list = useRef<HTMLUListElement>(null);
  const change = (id: string, part: Partial<PriceDraft>) =>
    onChange(prices.map((row) => (row.id === id ? { ...row, ...part } : row)));
  const add = () => {
    onChange([...prices, emptyPrice(prices.at(-1))]);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('li:last-child select')?.focus());
  };
  return (
    <>
      {prices.length === 0 && (
        <Text size="sm" c="dimmed" mb="sm">
          No price: it costs nothing.
        </Text>
      )}
      <ul ref={list} className={classes.rows} aria-label="Prices">
        {prices.map((price, index) => (
          <li key={price.id} className={classes.row}>
            <PriceFields
              price={price}
              name={`price ${index + 1}`}
              onChange={(part) => change(price.id, part)}
              onRemove={() => onChange(prices.filter(({ id }) => id !== price.id))}
              faultOf={(field) => faults[`prices.${price.id}.${field}`]}
            />
          </li>
        ))}
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
