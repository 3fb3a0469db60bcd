import { Skeleton, Stack, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { clientQuery } from '../../../api/clients';
import { ApiError } from '../../../api/http';
import { usePermission } from '../../../api/session';
import { CopyableId } from '../../../ui/copyable-id';
import { ErrorAlert } from '../../../ui/error-alert';
import { RouterAnchor } from '../../../ui/links';
import { PageHeader } from '../../../ui/page-header';
import { PageTabs } from '../../../ui/page-tabs';
import { StatusBadge } from '../../../ui/status-badge';
import { Activity } from '../../audit/activity';
import { WhyLink } from '../../explain/why-link';
import { AuthenticationTab } from './authentication/authentication-tab';
import { ClientActions } from './client-actions';
import { CLIENT_TABS, type ClientTab } from './client-detail-search';
import { ClientNotFound } from './client-not-found';
import { CredentialsTab } from './credentials/credentials-tab';
import { FailuresTab } from './failures/failures-tab';
import { LimitsTab } from './limits/limits-tab';
import { OverviewTab } from './overview/overview-tab';
import { PermissionsTab } from './permissions/permissions-tab';
import { TokensTab } from './tokens/tokens-tab';

const route = getRouteApi('/signed-in/clients/$clientId');
const LABELS: Record<ClientTab, string> = {
  overview: 'Overview',
  credentials: 'Credentials',
  authentication: 'Authentication',
  tokens: 'Tokens',
  limits: 'Limits',
  permissions: 'Permissions',
  failures: 'Failures',
  activity: 'Activity',
};

const toClients = (
  <RouterAnchor to="/clients" search={{}} size="sm">
    ← Clients
  </RouterAnchor>
);

export const ClientDetailPage = () => {
  const { clientId } = route.useParams();
  const { tab = 'overview' } = route.useSearch();
  const navigate = route.useNavigate();
  const maySeeAudit = usePermission('audit:read');
  const maySeeFailures = usePermission('failures:read');
  const { data, error, refetch } = useQuery(clientQuery(clientId));

  if (error instanceof ApiError && error.status === 404) return <ClientNotFound clientId={clientId} />;
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (!data) return <DetailSkeleton />;
  const { client, etag } = data;
  const hidden: ClientTab[] = [
    ...(maySeeAudit ? [] : ['activity' as const]),
    ...(maySeeFailures ? [] : ['failures' as const]),
  ];
  const tabs = CLIENT_TABS.filter((each) => !hidden.includes(each));

  return (
    <>
      <PageHeader
        above={toClients}
        title={client.name}
        titleAside={
          <>
            <StatusBadge status={client.status} />
            {client.status !== 'active' && <WhyLink clientId={client.client_id} question={{ token: {} }} />}
          </>
        }
        description={<CopyableId id={client.client_id} what="client id" />}
        actions={<ClientActions client={client} etag={etag} />}
      />
      <PageTabs
        tabs={tabs}
        labels={LABELS}
        value={tab}
        onChange={(next) => navigate({ search: next === 'overview' ? {} : { tab: next }, replace: true })}
      >
        <Tabs.Panel value="overview">
          <OverviewTab client={client} etag={etag} />
        </Tabs.Panel>
        <Tabs.Panel value="credentials">
          <CredentialsTab client={client} />
        </Tabs.Panel>
        <Tabs.Panel value="authentication">
          <AuthenticationTab client={client} etag={etag} />
        </Tabs.Panel>
        <Tabs.Panel value="tokens">
          <TokensTab client={client} etag={etag} />
        </Tabs.Panel>
        <Tabs.Panel value="limits">
          <LimitsTab client={client} etag={etag} />
        </Tabs.Panel>
        <Tabs.Panel value="permissions">
          <PermissionsTab client={client} etag={etag} />
        </Tabs.Panel>
        <Tabs.Panel value="failures">
          <FailuresTab clientId={client.client_id} />
        </Tabs.Panel>
        <Tabs.Panel value="activity">
          <Activity title="What was done to this client" target={`client:${client.client_id}`} />
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
