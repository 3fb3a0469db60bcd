import type { Meter } from '@bastionary/contracts/meters';
import { ActionIcon, NativeSelect, Text, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { metersQuery } from '../../../api/meters';
import type { PriceDraft } from './price-draft';
import classes from './price-fields.module.css';
import { TierTable } from './tier-table';

type Props = {
  price: PriceDraft;
  name: string;
  onChange: (part: Partial<PriceDraft>) => void;
  onRemove: () => void;
  faultOf: (field: string) => string | undefined;
};

const MODELS: { value: PriceDraft['model']; label: string; hint: string }[] = [
  { value: 'flat', label: 'Flat', hint: 'The same every period, whatever is used.' },
  { value: 'per_unit', label: 'Per unit', hint: 'Every unit costs the same.' },
  { value: 'graduated', label: 'Graduated', hint: 'Each unit costs what the tier says that it lies in.' },
  { value: 'volume', label: 'Volume', hint: 'All units cost what the tier says that the whole quantity lies in.' },
  {
    value: 'package',
    label: 'Package',
    hint: 'Units are sold in packages; one that is begun costs as much as a full one.',
  },
  { value: 'percentage', label: 'Percentage', hint: 'A part of the money that the meter sums up, in minor units.' },
];
const TIMINGS = [
  { value: 'in_advance', label: 'in advance' },
  { value: 'in_arrears', label: 'in arrears' },
];
const intervalsFor = (count: string) =>
  ['day', 'week', 'month', 'quarter', 'year'].map((value) => ({
    value,
    label: count.trim() === '1' ? value : `${value}s`,
  }));

// What is archived takes no new price; what a draft names already stays to be seen.
const meterChoices = (meters: Meter[], chosen: string, none: string) => {
  const keys = meters.filter(({ archived_at, key }) => archived_at === null || key === chosen).map(({ key }) => key);
  const named = chosen === '' || keys.includes(chosen) ? keys : [...keys, chosen];
  return [{ value: '', label: none }, ...named.map((key) => ({ value: key, label: key }))];
};

type TextField = { [Field in keyof PriceDraft]: PriceDraft[Field] extends string ? Field : never }[keyof PriceDraft];

/** One price: what it is counted by, what it costs, how often. Only the fields that its model takes are shown. */
export const PriceFields = ({ price, name, onChange, onRemove, faultOf }: Props) => {
  const { model } = price;
  const { data: meters = [] } = useQuery(metersQuery);
  const isMetered = model !== 'flat' && price.meter.trim() !== '';
  const isTiered = model === 'graduated' || model === 'volume' || (model === 'percentage' && price.tiers.length > 0);
  const field = (label: string, from: TextField, fault: string, placeholder?: string, inputMode?: 'decimal') => (
    <TextInput
      label={label}
      placeholder={placeholder}
      inputMode={inputMode}
      autoComplete="off"
      spellCheck={false}
      value={price[from] as string}
      onChange={(event) => onChange({ [from]: event.currentTarget.value })}
      error={faultOf(fault)}
    />
  );
  const chooseModel = (chosen: PriceDraft['model']) =>
    onChange({ model: chosen, ...(chosen === 'percentage' && price.percent === '' && { tiers: [] }) });
  return (
    <div className={classes.price}>
      <ActionIcon
        size={36}
        variant="subtle"
        color="gray"
        className={classes.remove}
        aria-label={`Remove ${name}`}
        onClick={onRemove}
      >
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
      <div className={classes.fields}>
        <NativeSelect
          label="Model"
          data={MODELS}
          value={model}
          onChange={(event) => chooseModel(event.currentTarget.value as PriceDraft['model'])}
        />
        {model === 'flat' && field('Amount', 'amount', 'amount', '19.99', 'decimal')}
        {model === 'per_unit' && field('Each unit', 'amount', 'unit_amount', '0.10', 'decimal')}
        {model === 'package' && field('Each package', 'amount', 'unit_amount', '5.00', 'decimal')}
        {model === 'package' && field('Units in a package', 'packageSize', 'package_size', '1000', 'decimal')}
        {model === 'percentage' && !isTiered && field('Percent', 'percent', 'unit_amount', '1.3', 'decimal')}
        {field('Currency', 'currency', 'currency', 'EUR')}
        {field('Every', 'intervalCount', 'interval_count')}
        <NativeSelect
          label="Period"
          data={intervalsFor(price.intervalCount)}
          value={price.interval}
          onChange={(event) => onChange({ interval: event.currentTarget.value as PriceDraft['interval'] })}
        />
        {!isMetered && (
          <NativeSelect
            label="Billed"
            data={TIMINGS}
            value={price.timing}
            onChange={(event) => onChange({ timing: event.currentTarget.value as PriceDraft['timing'] })}
            error={faultOf('timing')}
          />
        )}
        {model !== 'flat' && (
          <NativeSelect
            label="Meter"
            data={meterChoices(meters, price.meter, model === 'percentage' ? 'choose' : 'none: quantity')}
            value={price.meter}
            onChange={(event) => onChange({ meter: event.currentTarget.value })}
            error={faultOf('meter')}
          />
        )}
        {model !== 'flat' &&
          field(model === 'percentage' ? 'Free amount' : 'Free units', 'freeUnits', 'free_units', '0', 'decimal')}
        {model === 'percentage' && field('Per event', 'eventAmount', 'flat_amount', '0.25', 'decimal')}
        {model === 'percentage' && field('Free events', 'freeEvents', 'free_events', '0', 'decimal')}
        {model !== 'flat' && field('Minimum', 'minimum', 'minimum', 'none', 'decimal')}
        {field('Key', 'key', 'key', 'by itself')}
      </div>
      {(isTiered || model === 'percentage') && (
        <TierTable
          tiers={price.tiers}
          label={`Tiers of ${name}`}
          isPercentage={model === 'percentage'}
          onChange={(tiers) => onChange({ tiers })}
          faultOf={faultOf}
        />
      )}
      <Text size="xs" c="dimmed" mt={6}>
        {MODELS.find(({ value }) => value === model)?.hint}
        {isMetered && ' What is measured is billed in arrears.'}
        {model !== 'flat' &&
          !isMetered &&
          model !== 'percentage' &&
          ' Without a meter the quantity of the subscription counts.'}
      </Text>
    </div>
  );
};
