import { Button } from '@mantine/core';
import { IconPlus, IconRepeat, IconSearchOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { usePermission } from '../../api/session';
import { subscriptionsQuery } from '../../api/subscriptions';
import { DataTable } from '../../ui/data-table';
import { EmptyState } from '../../ui/empty-state';
import { ErrorAlert } from '../../ui/error-alert';
import { RouterButton } from '../../ui/links';
import { MissingPermission } from '../../ui/missing-permission';
import { PageHeader } from '../../ui/page-header';
import { Pager } from '../../ui/pager';
import { subscriptionColumns } from './subscription-columns';
import { SubscriptionFilterBar } from './subscription-filter-bar';

const route = getRouteApi('/signed-in/subscriptions');

export const SubscriptionListPage = () => {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const maySee = usePermission('subscriptions:read');
  const mayCreate = usePermission('subscriptions:write');
  const { data, error, refetch, isPlaceholderData } = useQuery({ ...subscriptionsQuery(filter), enabled: maySee });
  const isFiltered = Boolean(filter.state || filter.customer_id || filter.plan);
  const isEmpty = data?.data.length === 0 && !isPlaceholderData;
  const createButton = mayCreate && (
    <RouterButton
      to="/subscriptions/actions/create"
      search={filter.customer_id ? { customer: filter.customer_id } : {}}
      leftSection={<IconPlus size={16} aria-hidden />}
    >
      Create a subscription
    </RouterButton>
  );

  if (!maySee) return <MissingPermission permission="subscriptions:read" />;
  return (
    <>
      <PageHeader
        title="Subscriptions"
        description="Which customer is on which plan, and what comes next."
        actions={!(isEmpty && !isFiltered) && createButton}
      />
      {(isFiltered || !isEmpty) && <SubscriptionFilterBar />}
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!error && !isEmpty && (
        <DataTable caption="Subscriptions" columns={subscriptionColumns} rows={data?.data} rowId={({ id }) => id} />
      )}
      {isEmpty && isFiltered && (
        <EmptyState
          icon={IconSearchOff}
          title="No subscription matches"
          action={
            <Button variant="default" onClick={() => navigate({ search: {} })}>
              Clear the filters
            </Button>
          }
        >
          No subscription is in this state, of this customer, on this plan.
        </EmptyState>
      )}
      {isEmpty && !isFiltered && (
        <EmptyState icon={IconRepeat} title="No subscriptions yet" action={createButton}>
          A subscription puts a customer on a published plan: from then on the customer has what the plan grants.
        </EmptyState>
      )}
      <Pager
        isFirst={!filter.cursor}
        next={data?.next_cursor ?? null}
        onGo={(cursor) => navigate({ search: (previous) => ({ ...previous, cursor }) })}
      />
    </>
  );
};
