import type { MovementKind, MrrSeries } from '@bastionary/contracts/finance';
import { Text } from '@mantine/core';
import { Amount } from '../../../ui/amount';
import { columnsFor, DataTable } from '../../../ui/data-table';
import { RouterAnchor } from '../../../ui/links';
import { Period } from '../../invoices/period';
import { MOVEMENT_NAMES, MOVEMENTS } from './waterfall';

type Row = MrrSeries['data'][number] & { currency: string };

const column = columnsFor<Row>();

const Level = ({ row, at }: { row: Row; at: 'start' | 'end' }) => (
  <RouterAnchor
    to="/finance/rows/$list"
    params={{ list: 'mrr-customers' }}
    search={{ currency: row.currency, as_of: at === 'start' ? row.from : row.to }}
    inherit
  >
    <Amount minor={row[at]} currency={row.currency} isBare />
  </RouterAnchor>
);

const Movement = ({ row, kind }: { row: Row; kind: MovementKind }) =>
  row[kind] === '0' ? (
    <Amount minor="0" currency={row.currency} isBare />
  ) : (
    <RouterAnchor
      to="/finance/rows/$list"
      params={{ list: 'mrr-movements' }}
      search={{ currency: row.currency, from: row.from, to: row.to, kind }}
      inherit
    >
      <Amount minor={row[kind]} currency={row.currency} isBare />
    </RouterAnchor>
  );

const columns = column.columns([
  column.display({
    id: 'window',
    header: 'Period',
    cell: ({ row: { original } }) => (
      <>
        <Period start={original.from} end={original.to} />
        <Text size="xs" c="dimmed" component="div">
          {original.customers === 1 ? 'one customer' : `${original.customers.toLocaleString()} customers`} at the end
        </Text>
      </>
    ),
  }),
  column.display({ id: 'start', header: 'Start', cell: ({ row }) => <Level row={row.original} at="start" /> }),
  ...MOVEMENTS.map((kind) =>
    column.display({
      id: kind,
      header: MOVEMENT_NAMES[kind],
      cell: ({ row }) => <Movement row={row.original} kind={kind} />,
    }),
  ),
  column.display({ id: 'end', header: 'End', cell: ({ row }) => <Level row={row.original} at="end" /> }),
]);

/** The movements window by window; every number opens its rows. */
export const MrrTable = ({ series: { data, currency } }: { series: MrrSeries }) => (
  <>
    <Text size="sm" c="dimmed">
      All amounts in {currency}
    </Text>
    <DataTable
      caption={`MRR by period, in ${currency}`}
      columns={columns}
      rows={data.toReversed().map((row) => ({ ...row, currency }))}
      rowId={({ from }) => from}
      numeric={['start', ...MOVEMENTS, 'end']}
    />
  </>
);
