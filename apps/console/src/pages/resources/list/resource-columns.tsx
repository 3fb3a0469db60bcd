import type { Resource } from '@bastionary/contracts/resources';
import { Badge, Group } from '@mantine/core';
import { CopyableId } from '../../../ui/copyable-id';
import { columnsFor } from '../../../ui/data-table';
import { formatDuration } from '../../../ui/duration';
import { RouterAnchor } from '../../../ui/links';

const column = columnsFor<Resource>();

const settingsOf = ({ access_token_format, access_token_ttl, dpop_required }: Resource) =>
  [
    access_token_format === 'jwt' ? 'JWT' : access_token_format,
    access_token_ttl !== null && `at most ${formatDuration(access_token_ttl)}`,
    dpop_required && 'DPoP',
  ].filter((each) => typeof each === 'string');

export const resourceColumns = column.columns([
  column.accessor('name', {
    header: 'Name',
    cell: ({ row: { original } }) => (
      <Group gap="xs">
        <RouterAnchor to="/resources/$resourceId" params={{ resourceId: original.id }} fw={600}>
          {original.name}
        </RouterAnchor>
        {original.built_in && <Badge color="gray">built in</Badge>}
      </Group>
    ),
  }),
  column.accessor('identifier', {
    header: 'Identifier',
    cell: ({ row }) => <CopyableId id={row.original.identifier} what={`the identifier of ${row.original.name}`} />,
  }),
  column.accessor('scopes', { header: 'Scopes', cell: ({ row }) => row.original.scopes.length }),
  column.display({
    id: 'tokens',
    header: 'Its tokens',
    cell: ({ row }) => settingsOf(row.original).join(', ') || 'as usual',
  }),
]);
