import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { WITHOUT } from '../../../api/finance';
import { countryName } from '../../customers/places';
import { CustomerName } from '../../subscriptions/customer-name';
import type { RowsSearch } from '../finance-search';
import classes from './rows-page.module.css';

type Filter = Omit<RowsSearch, 'cursor'>;
type Name = keyof Filter;
type Props = { filter: Filter; onChange: (filter: Filter) => void };

const LABELS: Record<Name, string> = {
  currency: 'Currency',
  from: 'From',
  to: 'Until before',
  as_of: 'As of',
  kind: 'Kind',
  outcome: 'Became',
  plan: 'Plan',
  country: 'Country',
  customer_id: 'Customer',
  bucket: 'Age',
  overdue: 'Overdue',
  dunning_step: 'Reminders',
};

// Without them the number would be another one.
const FIXED: readonly Name[] = ['currency', 'from', 'to', 'as_of'];

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

const Value = ({ name, value }: { name: Name; value: string }) => {
  if (name === 'customer_id') return <CustomerName id={value} />;
  if (value === WITHOUT) return 'none';
  if (name === 'country') return countryName(value);
  if (name === 'overdue') return value === 'true' ? 'yes' : 'no';
  const instant = name === 'from' || name === 'to' || name === 'as_of' ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(instant)) return `${day.format(instant)} UTC`;
  return value.replaceAll('_', ' ');
};

/** What the rows are narrowed to, each with a button that takes it away. */
export const NarrowedBy = ({ filter, onChange }: Props) => {
  const set = (Object.keys(LABELS) as Name[]).flatMap((name) => {
    const value = filter[name];
    return value === undefined ? [] : [{ name, value }];
  });
  if (set.length === 0) return null;
  return (
    <ul className={classes.filters} aria-label="Narrowed to">
      {set.map(({ name, value }) => (
        <li key={name} className={classes.filter}>
          <span>
            {LABELS[name]}: <Value name={name} value={value} />
          </span>
          {FIXED.includes(name) ? (
            <span>&nbsp;</span>
          ) : (
            <ActionIcon
              size={24}
              radius="xl"
              variant="subtle"
              color="gray"
              aria-label={`All, not only ${LABELS[name].toLowerCase()} ${value}`}
              onClick={() => onChange({ ...filter, [name]: undefined })}
            >
              <IconX size={14} />
            </ActionIcon>
          )}
        </li>
      ))}
    </ul>
  );
};
