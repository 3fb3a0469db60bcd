import type { Plan } from '@bastionary/contracts/plans';
import { Group, Stack, Text } from '@mantine/core';
import { columnsFor } from '../../../ui/data-table';
import { RouterAnchor } from '../../../ui/links';
import { StatusBadge } from '../../../ui/status-badge';
import { pricesWords } from '../price-words';
import { currentOf, draftOf, subscriptionsOf } from './plan-versions';

const column = columnsFor<Plan>();

/** What a plan is sold as now, and what is being made of it; what was retired is told on its own page. */
const Versions = ({ plan }: { plan: Plan }) => {
  const shown = [draftOf(plan), currentOf(plan)].filter((one) => one !== undefined);
  const others = plan.versions.length - shown.length;
  return (
    <Stack gap={4}>
      {shown.map(({ version, status }) => (
        <Group key={version} gap={6} wrap="nowrap">
          <RouterAnchor
            to="/catalogue/plans/$planKey"
            params={{ planKey: plan.key }}
            search={{ version: String(version) }}
            aria-label={`v${version} of ${plan.name}`}
          >
            v{version}
          </RouterAnchor>
          <StatusBadge status={status} />
        </Group>
      ))}
      {others > 0 && (
        <Text size="xs" c="dimmed">
          and {others} {others === 1 ? 'other' : 'others'}
        </Text>
      )}
    </Stack>
  );
};

export const planColumns = column.columns([
  column.accessor('name', {
    header: 'Name',
    cell: ({ row: { original } }) => (
      <Stack gap={0}>
        <RouterAnchor to="/catalogue/plans/$planKey" params={{ planKey: original.key }} search={{}} fw={600}>
          {original.name}
        </RouterAnchor>
        <code>{original.key}</code>
      </Stack>
    ),
  }),
  column.display({ id: 'versions', header: 'Versions', cell: ({ row }) => <Versions plan={row.original} /> }),
  column.display({
    id: 'price',
    header: 'Price',
    cell: ({ row: { original } }) => {
      const sold = currentOf(original) ?? draftOf(original);
      return sold ? pricesWords(sold.prices) : '–';
    },
  }),
  column.display({
    id: 'features',
    header: 'Features',
    cell: ({ row: { original } }) =>
      Object.keys((currentOf(original) ?? draftOf(original))?.features ?? {}).length.toLocaleString(),
  }),
  column.display({
    id: 'subscriptions',
    header: 'Subscriptions',
    cell: ({ row }) => subscriptionsOf(row.original).toLocaleString(),
  }),
]);
