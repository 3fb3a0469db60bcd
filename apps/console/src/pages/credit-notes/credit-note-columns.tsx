import type { CreditNote } from '@bastionary/contracts/invoices';
import { Anchor } from '@mantine/core';
import { creditNotePdf } from '../../api/payments';
import { Amount } from '../../ui/amount';
import { columnsFor } from '../../ui/data-table';
import { ObjectLink } from '../../ui/object-link';
import { Time } from '../../ui/time';
import { creditWays } from './credit-ways';

const column = columnsFor<CreditNote>();

export const creditNoteColumns = column.columns([
  column.accessor('number', {
    header: 'Number',
    cell: ({ row }) => (
      <Anchor
        href={creditNotePdf(row.original.id)}
        download
        inherit
        fw={600}
        aria-label={`${row.original.number}, PDF`}
      >
        {row.original.number}
      </Anchor>
    ),
  }),
  column.accessor('invoice_number', {
    header: 'Invoice',
    cell: ({ row: { original } }) => <ObjectLink id={original.invoice_id}>{original.invoice_number}</ObjectLink>,
  }),
  column.accessor('customer_name', {
    header: 'Customer',
    cell: ({ row: { original } }) => <ObjectLink id={original.customer_id}>{original.customer_name}</ObjectLink>,
  }),
  column.accessor('reason', { header: 'Reason' }),
  column.accessor('to_invoice', {
    header: 'Where it went',
    cell: ({ row }) => (
      <>
        {creditWays(row.original).map((way) => (
          <div key={way}>{way}</div>
        ))}
      </>
    ),
  }),
  column.accessor('created_at', {
    header: 'Issued',
    cell: ({ row }) => <Time value={row.original.created_at} as="date" />,
  }),
  column.accessor('total', {
    header: 'Total',
    cell: ({ row: { original } }) => <Amount minor={original.total} currency={original.currency} />,
  }),
]);
