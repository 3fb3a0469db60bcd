import type { Payment } from '@bastionary/contracts/invoices';
import { Button, Text } from '@mantine/core';
import { Amount } from '../../ui/amount';
import { columnsFor } from '../../ui/data-table';
import { ObjectLink } from '../../ui/object-link';
import { StatusBadge } from '../../ui/status-badge';
import { Time } from '../../ui/time';
import { PROVIDERS } from './payment-rows';

const column = columnsFor<Payment>();

/** `onRefund` stands as a button behind what can still be paid back. */
export const paymentColumns = (onRefund: ((payment: Payment) => void) | null) =>
  column.columns([
    column.accessor('reference', {
      header: 'Reference',
      cell: ({ row: { original } }) => (
        <>
          <Text inherit fw={600} component="div">
            {original.reference}
          </Text>
          <Text size="xs" c="dimmed" component="div">
            {PROVIDERS[original.provider]}
          </Text>
        </>
      ),
    }),
    column.accessor('customer_name', {
      header: 'Customer',
      cell: ({ row: { original } }) => <ObjectLink id={original.customer_id}>{original.customer_name}</ObjectLink>,
    }),
    column.accessor('invoice_number', {
      header: 'Invoice',
      cell: ({ row: { original } }) =>
        original.invoice_id === null ? (
          <StatusBadge status="unmatched" />
        ) : (
          <ObjectLink id={original.invoice_id}>{original.invoice_number ?? original.invoice_id}</ObjectLink>
        ),
    }),
    column.accessor('received_at', {
      header: 'Received',
      cell: ({ row }) => <Time value={row.original.received_at} as="date" />,
    }),
    column.accessor('amount', {
      header: 'Amount',
      cell: ({ row: { original } }) => <Amount minor={original.amount} currency={original.currency} />,
    }),
    column.accessor('refunded', {
      header: 'Paid back',
      cell: ({ row: { original } }) => {
        const isLeft = BigInt(original.refunded) < BigInt(original.amount);
        return (
          <div>
            {original.refunded === '0' ? null : <Amount minor={original.refunded} currency={original.currency} />}
            {isLeft && onRefund && (
              <Button
                size="compact-sm"
                variant="subtle"
                aria-label={`Refund ${original.reference}`}
                onClick={() => onRefund(original)}
              >
                Refund
              </Button>
            )}
          </div>
        );
      },
    }),
  ]);
