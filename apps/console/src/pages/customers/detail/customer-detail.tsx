import { Alert, Skeleton, Stack, Tabs } from '@mantine/core';
import { IconPlayerPause } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { customerQuery } from '../../../api/customers';
import { ApiError } from '../../../api/http';
import { usePermission } from '../../../api/session';
import { CopyableId } from '../../../ui/copyable-id';
import { ErrorAlert } from '../../../ui/error-alert';
import { RouterAnchor } from '../../../ui/links';
import { PageHeader } from '../../../ui/page-header';
import { PageTabs } from '../../../ui/page-tabs';
import { StatusBadge } from '../../../ui/status-badge';
import { Activity } from '../../audit/activity';
import { BillingTab } from './billing/billing-tab';
import { CUSTOMER_TABS, type CustomerTab } from './customer-detail-search';
import { CustomerNotFound } from './customer-not-found';
import { DetailsTab } from './details/details-tab';
import { EntitlementsTab } from './entitlements/entitlements-tab';
import { InvoicesTab } from './invoices/invoices-tab';
import { LicensesTab } from './licenses/licenses-tab';
import { OverviewTab } from './overview/overview-tab';
import { SuspendCustomer } from './suspend-customer';
import { UsageTab } from './usage/usage-tab';
import { WalletTab } from './wallet/wallet-tab';

const route = getRouteApi('/signed-in/customers/$customerId');
const LABELS: Record<CustomerTab, string> = {
  overview: 'Overview',
  entitlements: 'Entitlements',
  licenses: 'Licences',
  invoices: 'Invoices',
  wallet: 'Wallet',
  usage: 'Usage',
  billing: 'Billing data',
  details: 'Details',
  activity: 'Activity',
};

export const CustomerDetailPage = () => {
  const { customerId } = route.useParams();
  const { tab = 'overview', at } = route.useSearch();
  const navigate = route.useNavigate();
  const maySeeAudit = usePermission('audit:read');
  const maySeeEntitlements = usePermission('entitlements:read');
  const maySeeInvoices = usePermission('invoices:read');
  const maySeeLicenses = usePermission('licenses:read');
  const maySeeUsage = usePermission('usage:read');
  const maySeeBilling = usePermission('billing:read');
  const { data, error, refetch } = useQuery(customerQuery(customerId));

  if (error instanceof ApiError && error.status === 404) return <CustomerNotFound id={customerId} />;
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (!data) return <DetailSkeleton />;
  const { customer, etag } = data;
  const may: Partial<Record<CustomerTab, boolean>> = {
    activity: maySeeAudit,
    entitlements: maySeeEntitlements,
    licenses: maySeeLicenses,
    invoices: maySeeInvoices,
    wallet: maySeeInvoices,
    usage: maySeeUsage,
    billing: maySeeBilling,
  };

  return (
    <>
      <PageHeader
        above={
          <RouterAnchor to="/customers" search={{}} size="sm">
            ← Customers
          </RouterAnchor>
        }
        title={customer.name}
        titleAside={<StatusBadge status={customer.status} />}
        description={<CopyableId id={customer.id} what="customer id" />}
        actions={<SuspendCustomer customer={customer} etag={etag} />}
      />
      {customer.status === 'suspended' && (
        <Alert color="orange" icon={<IconPlayerPause aria-hidden />} title="This customer is suspended" mb="lg">
          None of its clients gets a token, and their tokens are refused.
        </Alert>
      )}
      <PageTabs
        tabs={CUSTOMER_TABS.filter((each) => may[each] !== false)}
        labels={LABELS}
        value={tab}
        onChange={(next) => navigate({ search: next === 'overview' ? {} : { tab: next }, replace: true })}
      >
        <Tabs.Panel value="overview">
          <OverviewTab customerId={customerId} />
        </Tabs.Panel>
        <Tabs.Panel value="entitlements">
          <EntitlementsTab customer={customer} at={at} />
        </Tabs.Panel>
        <Tabs.Panel value="licenses">
          <LicensesTab customerId={customerId} />
        </Tabs.Panel>
        <Tabs.Panel value="invoices">
          <InvoicesTab customerId={customerId} />
        </Tabs.Panel>
        <Tabs.Panel value="wallet">
          <WalletTab customerId={customerId} currency={customer.currency} />
        </Tabs.Panel>
        <Tabs.Panel value="usage">
          <UsageTab customerId={customerId} />
        </Tabs.Panel>
        <Tabs.Panel value="billing">
          <BillingTab customerId={customerId} />
        </Tabs.Panel>
        <Tabs.Panel value="details">
          <DetailsTab customer={customer} etag={etag} />
        </Tabs.Panel>
        <Tabs.Panel value="activity">
          <Activity title="What was done to this customer" target={`customer:${customerId}`} />
        </Tabs.Panel>
      </PageTabs>
    </>
  );
};

const DetailSkeleton = () => (
  <Stack aria-busy>
    <Skeleton width="12rem" height={28} />
    <Skeleton width="18rem" height={16} />
    <Skeleton height={220} radius="lg" mt="lg" />
  </Stack>
);
