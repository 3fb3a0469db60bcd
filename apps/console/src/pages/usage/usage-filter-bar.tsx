import type { Meter } from '@bastionary/contracts/meters';
import { NativeSelect, TextInput } from '@mantine/core';
import { usePermission } from '../../api/session';
import { CustomerSelect } from '../customers/customer-select';
import classes from '../subscriptions/subscription-filter-bar.module.css';
import type { UsageSearch } from './usage-search';

type Props = { value: UsageSearch; meters: Meter[]; onChange: (search: UsageSearch) => void };

const WINDOWS = ['hour', 'day', 'week', 'month'];
const dayOf = (instant: string | undefined) => instant?.slice(0, 10) ?? '';
const instantOf = (day: string) => (day === '' ? undefined : `${day}T00:00:00Z`);

export const UsageFilterBar = ({ value, meters, onChange }: Props) => {
  const mayPickCustomer = usePermission('customers:read');
  const meter = meters.find(({ key }) => key === value.meter);
  const groups = ['customer', ...(meter?.group_by ?? [])];
  return (
    <search className={classes.bar}>
      <NativeSelect
        label="Meter"
        data={meters.map(({ key, name }) => ({ value: key, label: name }))}
        value={value.meter ?? ''}
        onChange={(event) => onChange({ ...value, meter: event.currentTarget.value, group_by: undefined })}
      />
      {mayPickCustomer && (
        <div className={classes.customer}>
          <CustomerSelect
            label="Customer"
            placeholder="All of them"
            value={value.customer ?? null}
            onChange={(id) => onChange({ ...value, customer: id ?? undefined })}
          />
        </div>
      )}
      <NativeSelect
        label="By"
        data={WINDOWS}
        value={value.window ?? 'day'}
        onChange={(event) => onChange({ ...value, window: event.currentTarget.value })}
      />
      <NativeSelect
        label="Split by"
        data={[{ value: '', label: 'nothing' }, ...groups]}
        value={value.group_by ?? ''}
        onChange={(event) => onChange({ ...value, group_by: event.currentTarget.value || undefined })}
      />
      <TextInput
        label="From"
        type="date"
        value={dayOf(value.from)}
        onChange={(event) => onChange({ ...value, from: instantOf(event.currentTarget.value) })}
      />
      <TextInput
        label="Until before"
        type="date"
        value={dayOf(value.to)}
        onChange={(event) => onChange({ ...value, to: instantOf(event.currentTarget.value) })}
      />
    </search>
  );
};
