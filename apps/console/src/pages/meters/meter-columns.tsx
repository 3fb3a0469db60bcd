import type { Aggregation, Meter } from '@bastionary/contracts/meters';
import { Badge, Text } from '@mantine/core';
import { columnsFor } from '../../ui/data-table';
import { RouterAnchor } from '../../ui/links';
import { ArchiveMeter } from './archive-meter';
import { filterWords } from './filter-words';

const column = columnsFor<Meter & { mayChange: boolean }>();

export const AGGREGATIONS: Record<Aggregation, { label: string; description: string }> = {
  count: { label: 'Count', description: 'How many events' },
  sum: { label: 'Sum', description: 'What a property adds up to' },
  max: { label: 'Maximum', description: 'The largest value of a property' },
  unique: { label: 'Unique', description: 'How many different values a property has' },
  latest: { label: 'Latest', description: 'The newest value of a property' },
};

export const meterColumns = column.columns([
  column.accessor('name', {
    header: 'Meter',
    cell: ({ row: { original } }) => (
      <>
        <RouterAnchor to="/usage" search={{ meter: original.key }} fw={600} inherit>
          {original.name}
        </RouterAnchor>{' '}
        {original.archived_at && <Badge color="gray">archived</Badge>}
        <Text size="xs" c="dimmed" component="div">
          <code>{original.key}</code>
        </Text>
      </>
    ),
  }),
  column.accessor('aggregation', {
    header: 'Counts',
    cell: ({ row: { original } }) => (
      <span>
        {AGGREGATIONS[original.aggregation].label.toLowerCase()} of{' '}
        {original.property && (
          <>
            <code>{original.property}</code> of{' '}
          </>
        )}
        <code>{original.event_type}</code>
      </span>
    ),
  }),
  column.accessor('filters', {
    header: 'Only',
    cell: ({ row: { original } }) =>
      original.filters.length === 0
        ? 'all of them'
        : original.filters.map((filter) => <div key={filterWords(filter)}>{filterWords(filter)}</div>),
  }),
  column.accessor('group_by', {
    header: 'By',
    cell: ({ row: { original } }) => (original.group_by.length === 0 ? '–' : original.group_by.join(', ')),
  }),
  column.accessor('unit', { header: 'Unit', cell: ({ row }) => row.original.unit ?? '–' }),
  column.display({
    id: 'actions',
    header: 'Actions',
    cell: ({ row }) => row.original.mayChange && <ArchiveMeter meter={row.original} />,
  }),
]);
