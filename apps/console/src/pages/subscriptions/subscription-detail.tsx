import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconRepeatOff, IconVersions } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { auditQuery } from '../../api/audit';
import { plansQuery } from '../../api/catalogue';
import { customerQuery } from '../../api/customers';
import { ApiError } from '../../api/http';
import { usePermission } from '../../api/session';
import { subscriptionQuery, type VersionedSubscription } from '../../api/subscriptions';
import { CopyableId } from '../../ui/copyable-id';
import { EmptyState } from '../../ui/empty-state';
import { ErrorAlert } from '../../ui/error-alert';
import { RouterAnchor, RouterButton } from '../../ui/links';
import { MissingPermission } from '../../ui/missing-permission';
import { PageHeader } from '../../ui/page-header';
import { Panel } from '../../ui/panel';
import { StatusBadge } from '../../ui/status-badge';
import { ActDialog } from './act-dialog';
import { BillDialog } from './bill-dialog';
import { ChangeDialog } from './change-dialog';
import { MigrateDialog } from './migrate-dialog';
import { PeriodBar } from './period-bar';
import { type Asked, SubscriptionActions } from './subscription-actions';
import classes from './subscription-detail.module.css';
import { SubscriptionFacts } from './subscription-facts';
import { SubscriptionTimeline } from './subscription-timeline';
import { keyOf, versionNumberOf } from './terms';
import { timelineOf } from './timeline';
import { WithdrawDialog } from './withdraw-dialog';

const route = getRouteApi('/signed-in/subscriptions/$subscriptionId');

const toSubscriptions = (
  <RouterAnchor to="/subscriptions" search={{}} size="sm">
    ← Subscriptions
  </RouterAnchor>
);

export const SubscriptionDetailPage = () => {
  const { subscriptionId } = route.useParams();
  const maySee = usePermission('subscriptions:read');
  const { data, error, refetch } = useQuery({ ...subscriptionQuery(subscriptionId), enabled: maySee });
  if (!maySee) return <MissingPermission permission="subscriptions:read" />;
  if (error instanceof ApiError && error.status === 404) return <SubscriptionNotFound id={subscriptionId} />;
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (!data) return <DetailSkeleton />;
  return <Detail {...data} />;
};

const Detail = ({ subscription, etag }: VersionedSubscription) => {
  const { id, customer_id, plan: reference, state, current_period: period, trial_end } = subscription;
  const mayWrite = usePermission('subscriptions:write');
  const mayBill = usePermission('invoices:write');
  const maySeePlans = usePermission('catalogue:read');
  const maySeeAudit = usePermission('audit:read');
  const customer = useQuery({ ...customerQuery(customer_id), staleTime: 60_000 }).data?.customer;
  const plans = useQuery({ ...plansQuery, enabled: maySeePlans }).data;
  const target = `subscription:${id}`;
  const audit = useQuery({ ...auditQuery({ target, limit: 50 }), enabled: maySeeAudit }).data;
  const [asked, setAsked] = useState<Asked | { withdraw: string } | null>(null);
  const close = () => setAsked(null);

  const timeZone = customer?.time_zone ?? 'UTC';
  const plan = plans?.find(({ key }) => key === keyOf(reference));
  const newest = plan?.current_version ?? null;
  const isMoving = subscription.scheduled.some(({ change }) => change.plan === `${keyOf(reference)}@${newest}`);
  const isBehind = newest !== null && newest > versionNumberOf(reference) && !isMoving;
  const isOver = state === 'canceled';
  const entries = timelineOf(subscription, audit?.data ?? null, new Date());

  return (
    <>
      <PageHeader
        above={toSubscriptions}
        title={`${customer?.name ?? customer_id}: ${plan?.name ?? keyOf(reference)}`}
        titleAside={<StatusBadge status={state} />}
        description={<CopyableId id={id} what="subscription id" />}
        actions={
          mayWrite && (
            <SubscriptionActions
              subscription={subscription}
              canChange={plans !== undefined}
              mayMigrate={plan?.versions.some((one) => isOther(one, reference)) ?? false}
              mayBill={mayBill}
              onAsk={setAsked}
            />
          )
        }
      />
      <div className={classes.columns}>
        <Stack gap="lg" className={classes.main}>
          {isBehind && !isOver && (
            <Alert color="bastion" icon={<IconVersions aria-hidden />} title={`Version ${newest} is out`}>
              <Group justify="space-between" gap="sm">
                <Text size="sm" c="inherit">
                  This subscription stays on version {versionNumberOf(reference)} until it is moved.
                </Text>
                {mayWrite && (
                  <Button size="xs" onClick={() => setAsked('migrate')}>
                    See what a move changes
                  </Button>
                )}
              </Group>
            </Alert>
          )}
          <Panel title="Timeline">
            <SubscriptionTimeline
              entries={entries}
              timeZone={timeZone}
              {...(mayWrite && !isOver && { onWithdraw: (withdraw: string) => setAsked({ withdraw }) })}
            />
            {audit?.next_cursor && (
              <RouterAnchor to="/audit-log" search={{ target }} size="sm" underline="always">
                Everything, in the audit log
              </RouterAnchor>
            )}
          </Panel>
        </Stack>
        <Stack gap="lg">
          {period && (
            <Panel title="Period">
              <PeriodBar period={period} timeZone={timeZone} isTrial={period.end === trial_end} />
            </Panel>
          )}
          <SubscriptionFacts subscription={subscription} plans={plans ?? []} customer={customer} />
        </Stack>
      </div>
      {asked === 'change' && plans && (
        <ChangeDialog
          subscription={subscription}
          etag={etag}
          plans={plans}
          currency={customer?.currency}
          timeZone={timeZone}
          onClose={close}
        />
      )}
      {asked === 'migrate' && plans && plan && (
        <MigrateDialog
          subscription={subscription}
          plan={plan}
          plans={plans}
          currency={customer?.currency}
          timeZone={timeZone}
          onClose={close}
        />
      )}
      {asked === 'bill' && <BillDialog subscriptionId={id} onClose={close} />}
      {typeof asked === 'string' && asked !== 'change' && asked !== 'migrate' && asked !== 'bill' && (
        <ActDialog act={asked} subscription={subscription} etag={etag} timeZone={timeZone} onClose={close} />
      )}
      {asked !== null && typeof asked === 'object' && (
        <WithdrawDialog
          subscription={subscription}
          etag={etag}
          changeId={asked.withdraw}
          timeZone={timeZone}
          onClose={close}
        />
      )}
    </>
  );
};

const isOther = ({ status, version }: { status: string; version: number }, reference: string) =>
  status === 'published' && version !== versionNumberOf(reference);

const SubscriptionNotFound = ({ id }: { id: string }) => (
  <>
    <PageHeader title="There is no such subscription" />
    <EmptyState
      icon={IconRepeatOff}
      title={id}
      action={
        <RouterButton to="/subscriptions" search={{}} variant="default">
          See all subscriptions
        </RouterButton>
      }
    >
      No subscription has this id. Subscriptions are never deleted: the id may be incomplete.
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
