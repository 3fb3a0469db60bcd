import { subscriptionState } from '@bastionary/contracts/plans';
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { plansQuery } from '../../api/catalogue';
import { usePermission } from '../../api/session';
import { CustomerSelect } from '../customers/customer-select';
import classes from './subscription-filter-bar.module.css';

const route = getRouteApi('/signed-in/subscriptions');
const STATES = [
  { value: '', label: 'Any state' },
  ...subscriptionState.options.map((value) => ({ value, label: value.replaceAll('_', ' ') })),
];

/** The filters stand in the address: a filtered list can be bookmarked, sent and gone back to. */
export const SubscriptionFilterBar = () => {
  const { cursor: _, ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  const mayPickCustomer = usePermission('customers:read');
  const maySeePlans = usePermission('catalogue:read');
  const plans = useQuery({ ...plansQuery, enabled: maySeePlans }).data ?? [];
  // Any version of a plan can be asked for by key@version in the address; here it is the plan.
  const options = [...new Set([...plans.map(({ key }) => key), ...(filter.plan ? [filter.plan] : [])])];

  return (
    <search className={classes.bar}>
      {mayPickCustomer && (
        <div className={classes.customer}>
          <CustomerSelect
            label="Customer"
            placeholder="Any customer"
            value={filter.customer_id ?? null}
            onChange={(id) => navigate({ search: { ...filter, customer_id: id ?? undefined } })}
          />
        </div>
      )}
      <NativeSelect
        label="State"
        data={STATES}
        value={filter.state ?? ''}
        onChange={(event) => {
          const state = subscriptionState.safeParse(event.currentTarget.value).data;
          void navigate({ search: { ...filter, state } });
        }}
      />
      {maySeePlans && (
        <NativeSelect
          label="Plan"
          data={[{ value: '', label: 'Any plan' }, ...options]}
          value={filter.plan ?? ''}
          onChange={(event) => navigate({ search: { ...filter, plan: event.currentTarget.value || undefined } })}
        />
      )}
    </search>
  );
};
