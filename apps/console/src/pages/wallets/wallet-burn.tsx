import type { WalletsSummary } from '@bastionary/contracts/finance-money';
import { Text } from '@mantine/core';
import { Amount } from '../../ui/amount';
import { columnsFor, DataTable } from '../../ui/data-table';
import { Period } from '../invoices/period';

type Row = WalletsSummary['data'][number] & { currency: string };

const NAMES = {
  start: 'Start',
  granted: 'Granted',
  applied: 'Used',
  returned: 'Given back',
  expired: 'Expired',
  voided: 'Taken back',
  end: 'End',
} as const;
type Name = keyof typeof NAMES;

const column = columnsFor<Row>();
const columns = column.columns([
  column.display({
    id: 'window',
    header: 'Period',
    cell: ({ row: { original } }) => <Period start={original.from} end={original.to} />,
  }),
  ...(Object.keys(NAMES) as Name[]).map((name) =>
    column.display({
      id: name,
      header: NAMES[name],
      cell: ({ row: { original } }) => <Amount minor={original[name]} currency={original.currency} isBare />,
    }),
  ),
]);

/** How prepaid money was granted and used up, the newest window first. */
export const WalletBurn = ({ summary: { data, currency } }: { summary: WalletsSummary }) => (
  <>
    <Text size="sm" c="dimmed">
      All amounts in {currency}. What left the wallets is negative.
    </Text>
    <DataTable
      caption={`Movements of wallets by period, in ${currency}`}
      columns={columns}
      rows={data.toReversed().map((row) => ({ ...row, currency }))}
      rowId={({ from }) => from}
      numeric={Object.keys(NAMES)}
    />
  </>
);
