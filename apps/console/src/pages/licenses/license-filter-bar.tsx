import { licenseStatus } from '@bastionary/contracts/licenses';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { policyChoicesQuery } from '../../api/license-policies';
import { usePermission } from '../../api/session';
import { SearchFilter } from '../../ui/search-filter';
import { SelectField } from '../../ui/select-field';
import { CustomerSelect } from '../customers/customer-select';
import classes from './license-filter-bar.module.css';
import { STATUS_WORDS } from './license-words';

const route = getRouteApi('/signed-in/licenses');
const STATUSES = [
  { value: '', label: 'Any state' },
  ...licenseStatus.options.map((value) => ({ value, label: STATUS_WORDS[value] })),
];

/** The filters stand in the address. A whole key does not: it is looked up by the validation. */
export const LicenseFilterBar = () => {
  const { cursor: _, ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  const mayPickCustomer = usePermission('customers:read');
  const policies = useQuery(policyChoicesQuery).data?.data ?? [];
  return (
    <>
      <SearchFilter
        label="Search the licences"
        placeholder="Part of the name, the end of the key, or an id"
        value={filter.search}
        onSearch={(search) => navigate({ search: { ...filter, search } })}
      />
      <search className={classes.bar} aria-label="Filters">
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
        <SelectField
          label="State"
          options={STATUSES}
          value={filter.status ?? ''}
          onChange={(value) => navigate({ search: { ...filter, status: licenseStatus.safeParse(value).data } })}
        />
        <SelectField
          label="Policy"
          options={[
            { value: '', label: 'Any policy' },
            ...policies.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={filter.policy ?? ''}
          onChange={(policy) => navigate({ search: { ...filter, policy: policy || undefined } })}
        />
      </search>
    </>
  );
};
