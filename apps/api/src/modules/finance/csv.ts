import { toMajor } from '@bastionary/billing/rules/rating/money';
import { stringify } from 'csv-stringify/sync';

/** What a column of a CSV holds. `money`: minor units in one column and a decimal in the next. */
export interface Column<Row> {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'money';
  readonly value: (row: Row) => string | number | null;
}

/** Columns named as the fields of a row, in this order. */
export const columnsOf = <Row>(
  kinds: Partial<Record<keyof Row & string, Column<Row>['kind']>>,
): readonly Column<Row>[] =>
  Object.entries(kinds).map(([name, kind]) => ({
    name,
    kind: kind as Column<Row>['kind'],
    value: (row) => row[name as keyof Row] as string | number | null,
  }));

/** A number as it stands: what a spreadsheet would take for a formula in a text is a sign here. */
class Plain {
  constructor(readonly text: string) {}
}

const OPTIONS = {
  // A text that begins with = + - @, tab or carriage return is a formula to a spreadsheet: an apostrophe makes it text.
  escape_formulas: true,
  record_delimiter: '\r\n',
  cast: { object: (value: unknown) => ({ value: (value as Plain).text, escape_formulas: false }) },
} as const;

/** The first line: the currency, then the columns. */
export const csvHeader = <Row>(columns: readonly Column<Row>[]): string =>
  stringify(
    [['currency', ...columns.flatMap(({ name, kind }) => (kind === 'money' ? [`${name}_minor`, name] : [name]))]],
    OPTIONS,
  );

/** Lines of rows, each in its currency. Instants stay ISO 8601, what is null is empty. */
export const csvLines = <Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  currencyOf: (row: Row) => string,
): string =>
  stringify(
    rows.map((row) => {
      const currency = currencyOf(row);
      return [currency, ...columns.flatMap((column) => cells(column, row, currency))];
    }),
    OPTIONS,
  );

function cells<Row>({ kind, value }: Column<Row>, row: Row, currency: string): (string | Plain | null)[] {
  const found = value(row);
  if (found === null) return kind === 'money' ? [null, null] : [null];
  const text = String(found);
  if (kind === 'money') return [new Plain(text), new Plain(toMajor(text, currency))];
  return [kind === 'number' ? new Plain(text) : text];
}
