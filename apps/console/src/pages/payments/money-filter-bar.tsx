import { TextInput } from '@mantine/core';
import { usePermission } from '../../api/session';
import { CustomerSelect } from '../customers/customer-select';
import classes from '../subscriptions/subscription-filter-bar.module.css';

type Filter = {
  customer_id?: string | undefined;
  currency?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
};
type Props = { value: Filter; onFilter: (filter: Filter) => void };

const dayOf = (instant: string | undefined) => instant?.slice(0, 10) ?? '';
const instantOf = (day: string) => (day === '' ? undefined : `${day}T00:00:00Z`);

/** Whose money, and of which days (UTC; the second is no longer part of it). */
export const MoneyFilterBar = ({ value: { customer_id, currency, from, to }, onFilter }: Props) => {
  const filter = { customer_id, currency, from, to };
  const mayPickCustomer = usePermission('customers:read');
  return (
    <search className={classes.bar}>
      {mayPickCustomer && (
        <div className={classes.customer}>
          <CustomerSelect
            label="Customer"
            placeholder="Any customer"
            value={customer_id ?? null}
            onChange={(id) => onFilter({ ...filter, customer_id: id ?? undefined })}
          />
        </div>
      )}
      <TextInput
        label="From"
        type="date"
        value={dayOf(from)}
        onChange={(event) => onFilter({ ...filter, from: instantOf(event.currentTarget.value) })}
      />
      <TextInput
        label="Until before"
        type="date"
        value={dayOf(to)}
        onChange={(event) => onFilter({ ...filter, to: instantOf(event.currentTarget.value) })}
      />
    </search>
  );
};
