import type { License } from '@bastionary/contracts/licenses';
import { Alert, Skeleton, Stack, Tabs } from '@mantine/core';
import { IconCircleX, IconHourglass, IconLicenseOff, IconPlayerPause } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { auditQuery } from '../../../api/audit';
import { ApiError } from '../../../api/http';
import { licenseQuery, type VersionedLicense } from '../../../api/licenses';
import { usePermission } from '../../../api/session';
import { CopyableId } from '../../../ui/copyable-id';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorAlert } from '../../../ui/error-alert';
import { RouterAnchor, RouterButton } from '../../../ui/links';
import { MissingPermission } from '../../../ui/missing-permission';
import { ObjectLink } from '../../../ui/object-link';
import { PageHeader } from '../../../ui/page-header';
import { PageTabs } from '../../../ui/page-tabs';
import { StatusBadge } from '../../../ui/status-badge';
import { Time } from '../../../ui/time';
import { Activity } from '../../audit/activity';
import { useActorName } from '../../audit/actor';
import { LicenseActions } from '../acts/license-actions';
import { LICENSE_TABS, type LicenseTab } from '../license-list-search';
import { badgeOf, isInGrace, nameOf } from '../license-words';
import { AccessTab } from './access-tab';
import { EntitlementsTab } from './entitlements-tab';
import { FilesTab } from './files-tab';
import { MachinesTab } from './machines-tab';
import { OverviewTab } from './overview-tab';

const route = getRouteApi('/signed-in/licenses/$licenseId');
const LABELS: Record<LicenseTab, string> = {
  overview: 'Overview',
  machines: 'Machines',
  entitlements: 'Entitlements',
  access: 'Users and tokens',
  files: 'Files',
  activity: 'Activity',
};

export const LicenseDetailPage = () => {
  const { licenseId } = route.useParams();
  const maySee = usePermission('licenses:read');
  const { data, error, refetch } = useQuery({ ...licenseQuery(licenseId), enabled: maySee });
  if (!maySee) return <MissingPermission permission="licenses:read" />;
  if (error instanceof ApiError && error.status === 404) return <LicenseNotFound id={licenseId} />;
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (!data) return <DetailSkeleton />;
  return <Detail {...data} />;
};

const Detail = ({ license, etag }: VersionedLicense) => {
  const { tab = 'overview', cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const mayWrite = usePermission('licenses:write');
  const maySeeAudit = usePermission('audit:read');
  return (
    <>
      <PageHeader
        above={
          <RouterAnchor to="/licenses" search={{}} size="sm">
            ← Licences
          </RouterAnchor>
        }
        title={`Licence ${nameOf(license)}`}
        titleAside={<StatusBadge status={badgeOf(license)} />}
        description={<CopyableId id={license.id} what="licence id" />}
        actions={mayWrite && <LicenseActions license={license} etag={etag} />}
      />
      <Notice license={license} />
      <PageTabs
        tabs={LICENSE_TABS.filter((each) => each !== 'activity' || maySeeAudit)}
        labels={LABELS}
        value={tab}
        onChange={(next) => navigate({ search: next === 'overview' ? {} : { tab: next }, replace: true })}
      >
        <Tabs.Panel value="overview">
          <OverviewTab license={license} />
        </Tabs.Panel>
        <Tabs.Panel value="machines">
          <MachinesTab
            license={license}
            cursor={cursor}
            onGo={(next) => navigate({ search: { tab: 'machines', cursor: next } })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="entitlements">
          <EntitlementsTab license={license} etag={etag} />
        </Tabs.Panel>
        <Tabs.Panel value="access">
          <AccessTab license={license} etag={etag} />
        </Tabs.Panel>
        <Tabs.Panel value="files">
          <FilesTab license={license} />
        </Tabs.Panel>
        <Tabs.Panel value="activity">
          <Activity title="What was done to this licence" target={`license:${license.id}`} />
        </Tabs.Panel>
      </PageTabs>
    </>
  );
};

/** What is out of the ordinary, in a sentence above everything else. */
const Notice = ({ license }: { license: License }) => {
  const { status, suspensions, source, customer_id, grace_ends_at, revoked_at } = license;
  if (status === 'REVOKED') {
    return (
      <Alert color="red" icon={<IconCircleX aria-hidden />} title="This licence is revoked" mb="lg">
        {revoked_at && <Time value={revoked_at} as="date-time" />}: its key is unknown since, and stands on the
        revocation list.
      </Alert>
    );
  }
  if (status === 'BANNED' && customer_id) {
    return (
      <Alert color="red" icon={<IconPlayerPause aria-hidden />} title="Its customer is suspended" mb="lg">
        None of the customer’s licences is valid until <ObjectLink id={customer_id}>the customer</ObjectLink> is
        resumed.
      </Alert>
    );
  }
  if (suspensions.length > 0) {
    return (
      <Alert color="orange" icon={<IconPlayerPause aria-hidden />} title="This licence is suspended" mb="lg">
        {suspensions.includes('operator') && <SuspendedByOperator id={license.id} />}
        {suspensions.includes('subscription') && source && (
          <>
            Because <ObjectLink id={source.subscription}>its subscription</ObjectLink> does not entitle to it now.
          </>
        )}
      </Alert>
    );
  }
  return isInGrace(license) && grace_ends_at ? (
    <Alert color="orange" icon={<IconHourglass aria-hidden />} title="Expired, and in its grace" mb="lg">
      It still works, with a warning, until <Time value={grace_ends_at} as="date-time" />.
    </Alert>
  ) : null;
};

/** By whom and why, as far as the reader may see the audit log. */
const SuspendedByOperator = ({ id }: { id: string }) => {
  const maySeeAudit = usePermission('audit:read');
  const actorName = useActorName();
  const filter = { target: `license:${id}`, action: 'license.suspended', limit: 5 };
  const records = useQuery({ ...auditQuery(filter), enabled: maySeeAudit }).data?.data;
  const record = records?.find(({ detail }) => detail.by === 'operator');
  if (record === undefined) return 'By an operator. ';
  const reason = typeof record.detail.reason === 'string' ? `: ${record.detail.reason}. ` : '. ';
  return (
    <>
      By {actorName(record.actor)}, <Time value={record.at} as="date-time" />
      {reason}
    </>
  );
};

const LicenseNotFound = ({ id }: { id: string }) => (
  <>
    <PageHeader title="There is no such licence" />
    <EmptyState
      icon={IconLicenseOff}
      title={id}
      action={
        <RouterButton to="/licenses" search={{}} variant="default">
          See all licences
        </RouterButton>
      }
    >
      No licence has this id. Licences are never deleted: the id may be incomplete.
    </EmptyState>
  </>
);

const DetailSkeleton = () => (
  <Stack aria-busy>
    <Skeleton width="16rem" height={28} />
    <Skeleton width="18rem" height={16} />
    <Skeleton height={320} radius="lg" mt="lg" />
  </Stack>
);
