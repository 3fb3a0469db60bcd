import type { SigningKey } from '@bastionary/contracts/tokens';
import { Text } from '@mantine/core';
import { CopyableId } from '../../ui/copyable-id';
import { columnsFor } from '../../ui/data-table';
import { Time } from '../../ui/time';

const column = columnsFor<SigningKey>();

const Moment = ({ at }: { at: string | null }) =>
  at ? (
    <Time value={at} as="date-time" />
  ) : (
    <Text inherit c="dimmed" component="span">
      never
    </Text>
  );

export const retiredKeyColumns = column.columns([
  column.accessor('kid', { header: 'Key id', cell: ({ row }) => <CopyableId id={row.original.kid} what="key id" /> }),
  column.accessor('alg', { header: 'Algorithm' }),
  column.accessor('activated_at', { header: 'Active', cell: ({ row }) => <Moment at={row.original.activated_at} /> }),
  column.accessor('retiring_at', { header: 'Retiring', cell: ({ row }) => <Moment at={row.original.retiring_at} /> }),
  column.accessor('retired_at', { header: 'Retired', cell: ({ row }) => <Moment at={row.original.retired_at} /> }),
]);
