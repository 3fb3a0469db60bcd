import type { Operator } from '@bastionary/contracts/operators';
import { Stack, Text } from '@mantine/core';
import { columnsFor } from '../../ui/data-table';
import { StatusBadge } from '../../ui/status-badge';
import { Time } from '../../ui/time';
import { OperatorActions } from './operator-actions';

const column = columnsFor<Operator>();

const factorsOf = ({ second_factors: { totp, passkeys } }: Operator) =>
  [totp ? 'app' : '', passkeys > 0 ? `${passkeys} ${passkeys === 1 ? 'passkey' : 'passkeys'}` : '']
    .filter(Boolean)
    .join(', ');

export const operatorColumns = column.columns([
  column.accessor('name', {
    header: 'Name',
    cell: ({ row }) => (
      <Stack gap={0}>
        <Text inherit fw={600}>
          {row.original.name}
        </Text>
        <Text inherit c="dimmed" size="sm">
          {row.original.email}
        </Text>
      </Stack>
    ),
  }),
  column.accessor('role', { header: 'Role' }),
  column.accessor('status', { header: 'Status', cell: ({ row }) => <StatusBadge status={row.original.status} /> }),
  column.accessor('second_factors', {
    header: 'Second factor',
    cell: ({ row }) =>
      factorsOf(row.original) || (
        <Text inherit c="dimmed" component="span">
          none
        </Text>
      ),
  }),
  column.accessor('last_seen_at', {
    header: 'Signed in',
    cell: ({ row }) =>
      row.original.last_seen_at ? (
        <Time value={row.original.last_seen_at} />
      ) : (
        <Text inherit c="dimmed" component="span">
          no
        </Text>
      ),
  }),
  column.display({ id: 'actions', header: 'Actions', cell: ({ row }) => <OperatorActions operator={row.original} /> }),
]);
