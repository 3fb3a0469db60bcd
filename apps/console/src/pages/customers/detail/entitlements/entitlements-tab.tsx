import type { Customer } from '@bastionary/contracts/customers';
import type { Feature } from '@bastionary/contracts/entitlements';
import { Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { featuresQuery, plansQuery } from '../../../../api/catalogue';
import { entitlementsQuery, overridesQuery } from '../../../../api/entitlements';
import { ErrorAlert } from '../../../../ui/error-alert';
import { AsOf } from './as-of';
import { type FeatureRow, featureRows } from './feature-rows';
import { FeatureTable } from './feature-table';
import { History } from './history';
import { OverrideDialog } from './override-dialog';
import { OverridesPanel } from './overrides-panel';
import { PastEntitlements } from './past-entitlements';
import { RemoveOverrideDialog } from './remove-override-dialog';
import { SnapshotFacts } from './snapshot-facts';

const route = getRouteApi('/signed-in/customers/$customerId');

/** What the customer may do, now or at a past instant, why, and what it was before. */
export const EntitlementsTab = ({ customer: { id }, at }: { customer: Customer; at: string | undefined }) => {
  const navigate = route.useNavigate();
  const now = useQuery(entitlementsQuery(id));
  const catalogue = useQuery(featuresQuery);
  const error = now.error ?? catalogue.error;
  const features = catalogue.data;

  return (
    <Stack gap="lg">
      <AsOf
        key={at}
        at={at}
        onPick={(picked) => navigate({ search: { tab: 'entitlements', ...(picked && { at: picked }) } })}
      />
      {error && <ErrorAlert error={error} onRetry={() => now.refetch()} />}
      {!error && (!now.data || !features) && <Skeleton height={280} radius="lg" />}
      {now.data && features && at && <PastEntitlements customerId={id} at={at} now={now.data} features={features} />}
      {now.data && features && !at && <Present customerId={id} />}
      {features && <History customerId={id} features={features} />}
    </Stack>
  );
};

const Present = ({ customerId }: { customerId: string }) => {
  const { data: snapshot } = useQuery(entitlementsQuery(customerId));
  const { data: features } = useQuery(featuresQuery);
  const { data: plans, error: withoutPlans } = useQuery(plansQuery);
  const { data: overrides, error: withoutOverrides } = useQuery(overridesQuery(customerId));
  const [overridden, setOverridden] = useState<FeatureRow | null>(null);
  const [removed, setRemoved] = useState<Feature | null>(null);
  const rows = useMemo(
    () =>
      snapshot && features && plans && overrides && featureRows(snapshot, { features, plans }, overrides, Date.now()),
    [snapshot, features, plans, overrides],
  );

  const error = withoutPlans ?? withoutOverrides;
  if (error) return <ErrorAlert error={error} />;
  if (!features || !snapshot || !overrides || !rows) return <Skeleton height={280} radius="lg" />;
  return (
    <>
      <section aria-labelledby="features">
        <Title order={2} id="features" mb="sm">
          What it may do now
        </Title>
        {rows.length === 0 ? (
          <Text size="sm" c="dimmed">
            The catalogue has no feature yet.
          </Text>
        ) : (
          <FeatureTable customerId={customerId} rows={rows} onOverride={setOverridden} />
        )}
      </section>
      <SnapshotFacts title="The snapshot" snapshot={snapshot} />
      <OverridesPanel overrides={overrides} features={features} onRemove={setRemoved} />
      {overridden && (
        <OverrideDialog
          customerId={customerId}
          feature={overridden.feature}
          value={overridden.value}
          override={overrides.find(({ feature }) => feature === overridden.feature.key)}
          onClose={() => setOverridden(null)}
        />
      )}
      {removed && <RemoveOverrideDialog customerId={customerId} feature={removed} onClose={() => setRemoved(null)} />}
    </>
  );
};
