import type { Subscription } from '@bastionary/contracts/plans';
import { Text } from '@mantine/core';
import { columnsFor } from '../../ui/data-table';
import { RouterAnchor } from '../../ui/links';
import { StatusBadge } from '../../ui/status-badge';
import { formatRelative, Time } from '../../ui/time';
import { CustomerName } from './customer-name';
import { timelineOf } from './timeline';

const column = columnsFor<Subscription>();

const Next = ({ of }: { of: Subscription }) => {
  const next = timelineOf(of, null, new Date()).find(({ isPast }) => !isPast);
  return next ? (
    <span>
      {next.title}{' '}
      <Text inherit c="dimmed" component="span">
        {formatRelative(next.at)}
      </Text>
    </span>
  ) : (
    <Text inherit c="dimmed" component="span">
      nothing
    </Text>
  );
};

export const subscriptionColumns = column.columns([
  column.accessor('customer_id', {
    header: 'Customer',
    cell: ({ row: { original } }) => (
      <RouterAnchor to="/subscriptions/$subscriptionId" params={{ subscriptionId: original.id }} fw={600}>
        <CustomerName id={original.customer_id} />
      </RouterAnchor>
    ),
  }),
  column.accessor('plan', {
    header: 'Plan',
    cell: ({ row: { original } }) => {
      const addOns = original.items.length - 1;
      return (
        <span>
          <code>{original.plan}</code>
          {addOns > 0 && (
            <Text inherit c="dimmed" component="span">
              {' '}
              and {addOns === 1 ? 'an add-on' : `${addOns} add-ons`}
            </Text>
          )}
        </span>
      );
    },
  }),
  column.accessor('quantity', { header: 'Quantity', cell: ({ row }) => row.original.quantity.toLocaleString() }),
  column.accessor('state', { header: 'State', cell: ({ row }) => <StatusBadge status={row.original.state} /> }),
  column.accessor('current_period', { header: 'Next', cell: ({ row }) => <Next of={row.original} /> }),
  column.accessor('start', { header: 'Since', cell: ({ row }) => <Time value={row.original.start} as="date" /> }),
]);
