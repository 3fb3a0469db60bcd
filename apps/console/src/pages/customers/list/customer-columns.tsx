import type { Customer } from '@bastionary/contracts/customers';
import { Text } from '@mantine/core';
import { CopyableId } from '../../../ui/copyable-id';
import { columnsFor } from '../../../ui/data-table';
import { RouterAnchor } from '../../../ui/links';
import { StatusBadge } from '../../../ui/status-badge';
import { Time } from '../../../ui/time';
import { countryName } from '../places';

const column = columnsFor<Customer>();

export const customerColumns = column.columns([
  column.accessor('name', {
    header: 'Name',
    cell: ({ row: { original } }) => (
      <>
        <RouterAnchor to="/customers/$customerId" params={{ customerId: original.id }} search={{}} fw={600}>
          {original.name}
        </RouterAnchor>
        <Text size="sm" c="dimmed">
          {original.email}
        </Text>
      </>
    ),
  }),
  column.accessor('external_id', {
    header: 'External id',
    cell: ({ row: { original } }) =>
      original.external_id ? (
        <CopyableId id={original.external_id} what={`the external id of ${original.name}`} />
      ) : (
        <Text inherit c="dimmed" component="span">
          none
        </Text>
      ),
  }),
  column.accessor('status', { header: 'Status', cell: ({ row }) => <StatusBadge status={row.original.status} /> }),
  column.accessor('currency', { header: 'Currency' }),
  column.accessor('country', {
    header: 'Country',
    cell: ({ row: { original } }) =>
      original.country ? (
        countryName(original.country)
      ) : (
        <Text inherit c="dimmed" component="span">
          not known
        </Text>
      ),
  }),
  column.accessor('created_at', {
    header: 'Since',
    cell: ({ row }) => <Time value={row.original.created_at} as="date" />,
  }),
]);
