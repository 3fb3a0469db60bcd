import type { InvoicePage } from '@bastionary/contracts/invoices';
import { Text } from '@mantine/core';
import { Amount } from '../../../ui/amount';
import { columnsFor } from '../../../ui/data-table';
import { RouterAnchor } from '../../../ui/links';
import { ObjectLink } from '../../../ui/object-link';
import { Time } from '../../../ui/time';
import { InvoiceStatusBadge } from '../invoice-status';
import { Period } from '../period';
import classes from '../period.module.css';
import { daysOverdue } from './invoice-views';

export type InvoiceRow = InvoicePage['data'][number];

const column = columnsFor<InvoiceRow>();

const dash = (
  <Text inherit c="dimmed" component="span">
    –
  </Text>
);

export const invoiceColumns = column.columns([
  column.accessor('number', {
    header: 'Number',
    cell: ({ row: { original } }) => (
      <RouterAnchor to="/invoices/$invoiceId" params={{ invoiceId: original.id }} fw={600} className={classes.number}>
        {original.number ?? 'Draft'}
      </RouterAnchor>
    ),
  }),
  column.accessor('status', { header: 'Status', cell: ({ row }) => <InvoiceStatusBadge invoice={row.original} /> }),
  column.accessor('customer_name', {
    header: 'Customer',
    cell: ({ row: { original } }) => <ObjectLink id={original.customer_id}>{original.customer_name}</ObjectLink>,
  }),
  column.accessor('period', { header: 'Period', cell: ({ row }) => <Period {...row.original.period} /> }),
  column.accessor('total', {
    header: 'Total',
    cell: ({ row: { original } }) => <Amount minor={original.total} currency={original.currency} />,
  }),
  column.accessor('amount_due', {
    header: 'Due',
    cell: ({ row: { original } }) =>
      original.status === 'open' ? <Amount minor={original.amount_due} currency={original.currency} /> : dash,
  }),
  column.accessor('due_at', {
    header: 'Due by',
    cell: ({ row: { original } }) => {
      const late = daysOverdue(original.due_at, original.overdue, Date.now());
      if (original.due_at === null) return dash;
      return (
        <>
          <Time value={original.due_at} as="date" />
          {late !== null && (
            <Text inherit c="var(--mantine-color-error)" component="div">
              {late === 1 ? '1 day late' : `${late.toLocaleString()} days late`}
            </Text>
          )}
        </>
      );
    },
  }),
]);
