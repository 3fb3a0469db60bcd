import { isHad } from '@bastionary/entitlements/rules/feature-value';
import { Badge, Button, Text } from '@mantine/core';
import { useMemo } from 'react';
import { usePermission } from '../../../../api/session';
import { columnsFor, DataTable } from '../../../../ui/data-table';
import { ScopeNames } from '../../../../ui/scope-names';
import { Time } from '../../../../ui/time';
import { WhyLink } from '../../../explain/why-link';
import type { FeatureRow } from './feature-rows';
import type { FeatureSource } from './feature-source';
import classes from './feature-table.module.css';
import { FeatureValue } from './feature-value';
import { QuotaBar } from './quota-bar';

const column = columnsFor<FeatureRow>();

export const FeatureName = ({ feature: { key, name } }: Pick<FeatureRow, 'feature'>) => (
  <div>
    <Text size="sm" fw={600}>
      {name}
    </Text>
    {name !== key && <code className={classes.key}>{key}</code>}
  </div>
);

const Source = ({ source }: { source: FeatureSource }) => {
  if (source.kind === 'plans') return <ScopeNames scopes={source.plans} />;
  if (source.kind === 'default') {
    return (
      <Text inherit c="dimmed" component="span">
        its default
      </Text>
    );
  }
  const { reason, expires_at } = source.override;
  return (
    <>
      <Badge color="bastion">override</Badge>
      <Text size="sm">{reason}</Text>
      {expires_at && (
        <Text size="sm" c="dimmed">
          ends <Time value={expires_at} />
        </Text>
      )}
    </>
  );
};

/** What the customer does not have, though one may have it. */
const isMissing = ({ feature: { type }, value }: FeatureRow) => type !== 'value' && !isHad(value);

const columnsWith = (customerId: string, onOverride: ((row: FeatureRow) => void) | null) =>
  column.columns([
    column.accessor('feature', { header: 'Feature', cell: ({ row }) => <FeatureName {...row.original} /> }),
    column.accessor('value', {
      header: 'Value',
      cell: ({ row: { original } }) => <FeatureValue type={original.feature.type} value={original.value} />,
    }),
    column.accessor('source', {
      header: 'Comes from',
      cell: ({ row: { original } }) => (
        <div className={classes.source}>
          <Source source={original.source} />
          {isMissing(original) && <WhyLink customerId={customerId} question={{ feature: original.feature.key }} />}
        </div>
      ),
    }),
    column.display({
      id: 'use',
      header: 'Use',
      cell: ({ row: { original } }) =>
        original.feature.type === 'limit' ? <QuotaBar customerId={customerId} feature={original.feature.key} /> : '–',
    }),
    ...(onOverride === null
      ? []
      : [
          column.display({
            id: 'override',
            header: 'Override',
            cell: ({ row: { original } }) => {
              const { name } = original.feature;
              const isOverridden = original.source.kind === 'override';
              return (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={isOverridden ? `Change the override of ${name}` : `Override ${name}`}
                  onClick={() => onOverride(original)}
                >
                  {isOverridden ? 'Change' : 'Override'}
                </Button>
              );
            },
          }),
        ]),
  ]);

type Props = { customerId: string; rows: FeatureRow[]; onOverride: (row: FeatureRow) => void };

/** What the customer has, where each value comes from, and how much of it is used. */
export const FeatureTable = ({ customerId, rows, onOverride }: Props) => {
  const mayWrite = usePermission('entitlements:write');
  const columns = useMemo(
    () => columnsWith(customerId, mayWrite ? onOverride : null),
    [customerId, mayWrite, onOverride],
  );
  return <DataTable caption="Features" columns={columns} rows={rows} rowId={({ feature }) => feature.key} />;
};
