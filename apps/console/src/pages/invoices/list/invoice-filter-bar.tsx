import { getRouteApi } from '@tanstack/react-router';
import { usePermission } from '../../../api/session';
import { SearchFilter } from '../../../ui/search-filter';
import { CustomerSelect } from '../../customers/customer-select';
import classes from './invoice-filter-bar.module.css';

const route = getRouteApi('/signed-in/invoices');

/** The filters stand in the address: a filtered list can be bookmarked, sent and gone back to. */
export const InvoiceFilterBar = () => {
  const { cursor: _, ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  const mayPickCustomer = usePermission('customers:read');
  return (
    <SearchFilter
      label="Search invoices"
      placeholder="Number or customer"
      value={filter.search}
      onSearch={(search) => navigate({ search: { ...filter, search }, replace: true })}
    >
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
    </SearchFilter>
  );
};
