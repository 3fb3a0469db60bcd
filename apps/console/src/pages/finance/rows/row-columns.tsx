import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Amount } from '../../../ui/amount';
import { columnsFor } from '../../../ui/data-table';
import { formatDecimal } from '../../../ui/money';
import { ObjectLink } from '../../../ui/object-link';
import { StatusBadge } from '../../../ui/status-badge';
import { Time } from '../../../ui/time';
import { countryName } from '../../customers/places';
import { Period } from '../../invoices/period';
import type { ListName } from './lists';
import classes from './rows-page.module.css';

/** A row of any list, with the currency that all of its amounts have. */
export type FinanceRow = Record<string, unknown> & { currency: string };

type Column = { id: string; header: string; cell: (row: FinanceRow) => ReactNode; isNumeric?: boolean };

const textOf = (row: FinanceRow, name: string) => (row[name] == null ? '' : String(row[name]));

const dash = (
  <Text inherit c="dimmed" component="span">
    –
  </Text>
);

const whole = (content: ReactNode) => <span className={classes.whole}>{content}</span>;

const words = (id: string, header: string): Column => ({ id, header, cell: (row) => textOf(row, id) || dash });
const code = (id: string, header: string): Column => ({
  id,
  header,
  cell: (row) => (textOf(row, id) ? <code>{textOf(row, id)}</code> : dash),
});
const amount = (id: string, header: string): Column => ({
  id,
  header,
  cell: (row) => <Amount minor={textOf(row, id) || '0'} currency={row.currency} />,
  isNumeric: true,
});
const number = (id: string, header: string): Column => ({
  id,
  header,
  cell: (row) => formatDecimal(textOf(row, id)),
  isNumeric: true,
});
const day = (id: string, header: string): Column => ({
  id,
  header,
  cell: (row) => (textOf(row, id) ? whole(<Time value={textOf(row, id)} as="date" />) : dash),
});
const status = (id: string, header: string): Column => ({
  id,
  header,
  cell: (row) => <StatusBadge status={textOf(row, id)} />,
});
const link = (id: string, header: string, target: string): Column => ({
  id,
  header,
  cell: (row) => <ObjectLink id={textOf(row, target)}>{textOf(row, id) || dash}</ObjectLink>,
});
const document = (id: string, header: string): Column => ({
  id,
  header,
  cell: (row) => whole(<ObjectLink id={textOf(row, 'invoice_id')}>{textOf(row, id) || dash}</ObjectLink>),
});
const plan: Column = {
  id: 'plan',
  header: 'Plan',
  cell: (row) => (textOf(row, 'plan') ? whole(<code>{textOf(row, 'plan')}</code>) : dash),
};
const country: Column = {
  id: 'country',
  header: 'Country',
  cell: (row) => (textOf(row, 'country') ? whole(countryName(textOf(row, 'country'))) : dash),
};
const period: Column = {
  id: 'period',
  header: 'Period',
  cell: (row) => <Period {...(row.period as { start: string; end: string })} />,
};
/** `subscription.canceled` → `subscription canceled` */
const reason: Column = { id: 'reason', header: 'Why', cell: (row) => textOf(row, 'reason').replaceAll(/[._]/g, ' ') };
const customer = link('customer_name', 'Customer', 'customer_id');

const COLUMNS: Record<ListName, Column[]> = {
  'mrr-customers': [
    customer,
    country,
    number('subscriptions', 'Subscriptions'),
    code('terms', 'On'),
    amount('amount', 'MRR'),
  ],
  'mrr-movements': [
    customer,
    status('kind', 'Movement'),
    reason,
    code('terms', 'On from then'),
    day('at', 'When'),
    amount('before', 'Before'),
    amount('after', 'After'),
    amount('amount', 'Change'),
  ],
  retention: [
    customer,
    status('outcome', 'Became'),
    amount('start', 'At the start'),
    amount('end', 'At the end'),
    amount('amount', 'Change'),
  ],
  'revenue-lines': [
    document('number', 'Document'),
    customer,
    country,
    plan,
    words('description', 'Line'),
    day('at', 'When'),
    amount('amount', 'Amount'),
  ],
  receivables: [
    document('number', 'Invoice'),
    customer,
    day('due_at', 'Due'),
    number('days_overdue', 'Days late'),
    number('dunning_step', 'Reminders'),
    amount('total', 'Invoiced'),
    amount('amount', 'Open'),
  ],
  cash: [
    words('reference', 'Reference'),
    customer,
    document('invoice_number', 'Invoice'),
    words('provider', 'By'),
    status('kind', 'Kind'),
    day('at', 'When'),
    amount('amount', 'Amount'),
  ],
  'failed-payments': [
    document('invoice_number', 'Invoice'),
    customer,
    words('reason', 'Why'),
    status('status', 'Invoice now'),
    day('at', 'When'),
    amount('amount', 'Tried'),
  ],
  'unbilled-usage': [
    customer,
    code('meter', 'Meter'),
    plan,
    period,
    number('quantity', 'Quantity'),
    amount('amount', 'Amount'),
  ],
  wallets: [
    customer,
    day('next_expiry', 'Next expiry'),
    amount('expiring', 'Within 30 days'),
    amount('amount', 'Balance'),
  ],
};

const column = columnsFor<FinanceRow>();

const tableOf = (columns: Column[]) => ({
  columns: column.columns(
    columns.map(({ id, header, cell }) => column.display({ id, header, cell: ({ row }) => cell(row.original) })),
  ),
  numeric: columns.filter(({ isNumeric }) => isNumeric).map(({ id }) => id),
});

/** The columns of each list, made once: they must not change between renders. */
export const ROW_TABLES = Object.fromEntries(
  Object.entries(COLUMNS).map(([name, columns]) => [name, tableOf(columns)]),
) as Record<ListName, ReturnType<typeof tableOf>>;
