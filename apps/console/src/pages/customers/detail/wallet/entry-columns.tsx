import type { WalletEntryPage } from '@bastionary/contracts/wallets';
import { Amount } from '../../../../ui/amount';
import { columnsFor } from '../../../../ui/data-table';
import { ObjectLink } from '../../../../ui/object-link';
import { Time } from '../../../../ui/time';

type Row = WalletEntryPage['data'][number];

const WORDS: Record<Row['kind'], string> = {
  granted: 'Granted',
  applied: 'Used by an invoice',
  returned: 'Given back',
  expired: 'Expired',
  voided: 'Taken back',
};

const column = columnsFor<Row>();

export const entryColumns = column.columns([
  column.accessor('kind', {
    header: 'What',
    cell: ({ row: { original } }) =>
      original.invoice_id === null ? (
        WORDS[original.kind]
      ) : (
        <ObjectLink id={original.invoice_id}>{WORDS[original.kind]}</ObjectLink>
      ),
  }),
  column.accessor('at', { header: 'When', cell: ({ row }) => <Time value={row.original.at} as="date-time" /> }),
  column.accessor('amount', {
    header: 'Amount',
    cell: ({ row: { original } }) => <Amount minor={original.amount} currency={original.currency} />,
  }),
]);
