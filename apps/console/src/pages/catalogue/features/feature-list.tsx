import type { Feature } from '@bastionary/contracts/entitlements';
import type { Plan } from '@bastionary/contracts/plans';
import { Button, Group, Text } from '@mantine/core';
import { IconPlus, IconTags } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { featuresQuery, plansQuery } from '../../../api/catalogue';
import { createFeatureCommand } from '../../../api/curl';
import { usePermission } from '../../../api/session';
import { Command } from '../../../ui/command';
import { DataTable } from '../../../ui/data-table';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorAlert } from '../../../ui/error-alert';
import { CreateFeature } from './create-feature';
import { DeleteFeature } from './delete-feature';
import { EditFeature } from './edit-feature';
import { type FeatureRow, featureColumns } from './feature-columns';

type Open = { what: 'create' } | { what: 'edit' | 'delete'; feature: Feature } | null;

const NO_PLANS: Plan[] = [];

/** The plans any of whose versions that are not retired name the feature. */
const usersOf = (key: string, plans: Plan[]) =>
  plans.filter(({ versions }) => versions.some(({ status, features }) => status !== 'retired' && key in features));

export const FeatureList = () => {
  const mayWrite = usePermission('catalogue:write');
  const { data, error, refetch } = useQuery(featuresQuery);
  const { data: plans = NO_PLANS } = useQuery(plansQuery);
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);

  const rows = data?.map(
    (feature): FeatureRow => ({
      feature,
      plans: usersOf(feature.key, plans).map(({ key, name }) => ({ key, name })),
      ...(mayWrite && {
        onEdit: () => setOpen({ what: 'edit', feature }),
        onDelete: () => setOpen({ what: 'delete', feature }),
      }),
    }),
  );
  const createButton = mayWrite && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen({ what: 'create' })}>
      Add a feature
    </Button>
  );
  return (
    <>
      {rows?.length !== 0 && (
        <Group justify="space-between" mb="md" gap="sm">
          <Text size="sm" c="dimmed" maw="40rem">
            What a customer may do or how much of it. Every customer has every feature: with its default, until a plan,
            an add-on or an exception says otherwise.
          </Text>
          {createButton}
        </Group>
      )}
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!error && rows?.length !== 0 && (
        <DataTable caption="Features" columns={featureColumns} rows={rows} rowId={({ feature }) => feature.key} />
      )}
      {rows?.length === 0 && (
        <EmptyState
          icon={IconTags}
          title="No features yet"
          action={createButton}
          example={<Command label="Add a feature" command={createFeatureCommand(window.location.origin)} />}
        >
          A feature is something a plan can grant: a switch such as SSO, a limit such as API calls, or a value such as a
          support tier.
        </EmptyState>
      )}
      {open?.what === 'create' && <CreateFeature onClose={close} />}
      {open?.what === 'edit' && <EditFeature featureKey={open.feature.key} onClose={close} />}
      {open?.what === 'delete' && <DeleteFeature feature={open.feature} onClose={close} />}
    </>
  );
};
