import type { Feature } from '@bastionary/contracts/entitlements';
import { ActionIcon, Badge, Group, Menu, Stack, Text } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { columnsFor } from '../../../ui/data-table';
import { RouterAnchor } from '../../../ui/links';
import { COMBINES, TYPES, valueWords } from '../feature-words';

export type FeatureRow = {
  feature: Feature;
  plans: { key: string; name: string }[];
  onEdit?: () => void;
  onDelete?: () => void;
};

const column = columnsFor<FeatureRow>();

const TypeBadge = ({ type }: Pick<Feature, 'type'>) => <Badge color="gray">{TYPES[type].label.toLowerCase()}</Badge>;

const Actions = ({ feature, onEdit, onDelete }: FeatureRow) => (
  <Menu position="bottom-end">
    <Menu.Target>
      <ActionIcon variant="subtle" color="gray" size={28} aria-label={`Actions on ${feature.key}`}>
        <IconDots size={16} aria-hidden />
      </ActionIcon>
    </Menu.Target>
    <Menu.Dropdown>
      <Menu.Item onClick={onEdit}>Edit</Menu.Item>
      <Menu.Item c="var(--mantine-color-error)" onClick={onDelete}>
        Delete
      </Menu.Item>
    </Menu.Dropdown>
  </Menu>
);

export const featureColumns = column.columns([
  column.display({
    id: 'name',
    header: 'Feature',
    cell: ({ row: { original } }) => (
      <Stack gap={0}>
        <Text inherit fw={600}>
          {original.feature.name}
        </Text>
        <code>{original.feature.key}</code>
        {original.feature.description && (
          <Text size="xs" c="dimmed">
            {original.feature.description}
          </Text>
        )}
      </Stack>
    ),
  }),
  column.display({ id: 'type', header: 'Type', cell: ({ row }) => <TypeBadge type={row.original.feature.type} /> }),
  column.display({
    id: 'default',
    header: 'Default',
    cell: ({ row }) => valueWords(row.original.feature.type, row.original.feature.default),
  }),
  column.display({
    id: 'combine',
    header: 'If several',
    cell: ({ row }) => COMBINES[row.original.feature.combine].label.toLowerCase(),
  }),
  column.display({
    id: 'plans',
    header: 'Granted by',
    cell: ({ row: { original } }) =>
      original.plans.length === 0 ? (
        <Text inherit c="dimmed">
          no plan
        </Text>
      ) : (
        <Group gap={8}>
          {original.plans.map(({ key, name }) => (
            <RouterAnchor key={key} to="/catalogue/plans/$planKey" params={{ planKey: key }} search={{}}>
              {name}
            </RouterAnchor>
          ))}
        </Group>
      ),
  }),
  column.display({
    id: 'actions',
    header: 'Actions',
    cell: ({ row }) => row.original.onEdit && <Actions {...row.original} />,
  }),
]);
