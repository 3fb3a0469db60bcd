import type { SigningKey } from '@bastionary/contracts/tokens';
import { Text } from '@mantine/core';
import { CopyableId } from '../../ui/copyable-id';
import { columnsFor } from '../../ui/data-table';
import { StatusBadge } from '../../ui/status-badge';
import { Time } from '../../ui/time';

const column = columnsFor<SigningKey>();

const Moment = ({ at }: { at: string | null }) =>
  at ? (
    <Time value={at} as="date-time" />
  ) : (
    <Text inherit c="dimmed" component="span">
      not yet
    </Text>
  );

export const keyColumns = column.columns([
  column.accessor('kid', { header: 'Key id', cell: ({ row }) => <CopyableId id={row.original.kid} what="key id" /> }),
  column.accessor('state', { header: 'State', cell: ({ row }) => <StatusBadge status={row.original.state} /> }),
  column.accessor('alg', { header: 'Algorithm' }),
  column.accessor('created_at', { header: 'Created', cell: ({ row }) => <Moment at={row.original.created_at} /> }),
  column.accessor('activated_at', {
    header: 'Active since',
    cell: ({ row }) => <Moment at={row.original.activated_at} />,
  }),
  column.accessor('retired_at', { header: 'Retired', cell: ({ row }) => <Moment at={row.original.retired_at} /> }),
]);
