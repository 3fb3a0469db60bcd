import type { Entitlements, Feature } from '@bastionary/contracts/entitlements';
import { Alert, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { entitlementsQuery } from '../../../../api/entitlements';
import { columnsFor, DataTable } from '../../../../ui/data-table';
import { ErrorAlert } from '../../../../ui/error-alert';
import { Panel } from '../../../../ui/panel';
import { ChangeList } from './change-list';
import { changesBetween } from './feature-changes';
import { type FeatureRow, featureNamed } from './feature-rows';
import { FeatureName } from './feature-table';
import { FeatureValue } from './feature-value';
import { SnapshotFacts } from './snapshot-facts';

type PastRow = Omit<FeatureRow, 'source'>;

const column = columnsFor<PastRow>();
const columns = column.columns([
  column.accessor('feature', { header: 'Feature', cell: ({ row }) => <FeatureName {...row.original} /> }),
  column.accessor('value', {
    header: 'Value then',
    cell: ({ row: { original } }) => <FeatureValue type={original.feature.type} value={original.value} />,
  }),
]);

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

type Props = { customerId: string; at: string; now: Entitlements; features: Feature[] };

/** What the customer could do at a past instant, and what has changed since. */
export const PastEntitlements = ({ customerId, at, now, features }: Props) => {
  const { data: then, error } = useQuery(entitlementsQuery(customerId, at));
  const rows = useMemo(
    () =>
      then &&
      Object.entries(then.features).map(([key, value]) => ({ feature: featureNamed(features, key, value), value })),
    [then, features],
  );
  if (error) return <ErrorAlert error={error} />;
  if (!then || !rows) return <Skeleton height={280} radius="lg" />;
  const changes = changesBetween(then, now, features);
  return (
    <Stack gap="lg">
      <Alert icon={<IconHistory aria-hidden />} title={`As it was on ${exact.format(new Date(at))}`}>
        {then.epoch === now.epoch
          ? 'Nothing has changed since.'
          : `Epoch ${then.epoch.toLocaleString()}; now it is epoch ${now.epoch.toLocaleString()}.`}
      </Alert>
      {changes.length > 0 && (
        <Panel title="What has changed since">
          <ChangeList changes={changes} features={features} />
        </Panel>
      )}
      <section aria-labelledby="features">
        <Title order={2} id="features" mb="sm">
          What it could do then
        </Title>
        {rows.length === 0 ? (
          <Text size="sm" c="dimmed">
            There was no feature yet.
          </Text>
        ) : (
          <DataTable caption="Features then" columns={columns} rows={rows} rowId={({ feature }) => feature.key} />
        )}
      </section>
      <SnapshotFacts title="The snapshot then" snapshot={then} />
    </Stack>
  );
};
