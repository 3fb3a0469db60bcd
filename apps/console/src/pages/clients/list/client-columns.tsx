import type { ClientSummary } from '@bastionary/contracts/clients';
import { Text } from '@mantine/core';
import { CopyableId } from '../../../ui/copyable-id';
import { columnsFor } from '../../../ui/data-table';
import { RouterAnchor } from '../../../ui/links';
import { StatusBadge } from '../../../ui/status-badge';
import { Time } from '../../../ui/time';
import { CustomerLink } from '../../customers/customer-link';

const column = columnsFor<ClientSummary>();

const Nothing = ({ children }: { children: string }) => (
  <Text inherit c="dimmed" component="span">
    {children}
  </Text>
);

export const clientColumns = column.columns([
  column.accessor('name', {
    header: 'Name',
    cell: ({ row: { original } }) => (
      <>
        <RouterAnchor to="/clients/$clientId" params={{ clientId: original.client_id }} search={{}} fw={600}>
          {original.name}
        </RouterAnchor>
        {original.customer_id && (
          <Text size="sm" c="dimmed">
            of <CustomerLink id={original.customer_id} />
          </Text>
        )}
      </>
    ),
  }),
  column.accessor('client_id', {
    header: 'Client id',
    cell: ({ row }) => <CopyableId id={row.original.client_id} what={`the id of ${row.original.name}`} />,
  }),
  column.accessor('status', { header: 'Status', cell: ({ row }) => <StatusBadge status={row.original.status} /> }),
  column.accessor('scopes', { header: 'Scopes', cell: ({ row }) => row.original.scopes.length }),
  column.accessor('last_token_at', {
    header: 'Last token',
    cell: ({ row }) =>
      row.original.last_token_at ? <Time value={row.original.last_token_at} /> : <Nothing>never</Nothing>,
  }),
  column.accessor('expiry', {
    header: 'Expiry',
    cell: ({ row }) => (row.original.expiry ? <Time value={row.original.expiry} as="date" /> : <Nothing>none</Nothing>),
  }),
]);
