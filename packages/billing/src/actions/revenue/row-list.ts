import { type Reader, type Sql, sql } from '@bastionary/prisma/client';

/** A row as the database gives it. */
// biome-ignore lint/suspicious/noExplicitAny: columns of every list
export type Raw = any;

/** The rows behind a number: what a page, their sum and their CSV are made of, so that these cannot differ. */
export interface RowList<Row> {
  /** With `amount`, and what it is ordered by, descending: `sort_key` (BIGINT) and `sort_id` (unique among equals). */
  readonly rows: Sql;
  readonly toRow: (raw: Raw) => Row;
}

/** Where a page ends. */
export interface RowPosition {
  readonly key: bigint;
  readonly id: string;
}

export interface RowPage<Row> {
  readonly total: { readonly rows: number; readonly amount: string };
  readonly data: Row[];
  readonly next: RowPosition | null;
}

/** How many rows there are, and what they come to. */
export async function totalOf({ rows }: RowList<unknown>, db: Reader): Promise<{ rows: number; amount: bigint }> {
  const [total] = await db.$queryRaw<[{ rows: number; amount: bigint }]>`
    SELECT count(*)::int AS rows, coalesce(sum(amount), 0)::bigint AS amount FROM (${rows}) r`;
  return total;
}

/** What the rows come to by what is in a column of theirs: together the total. */
export async function totalsBy({ rows }: RowList<unknown>, column: Sql, db: Reader): Promise<Map<string, bigint>> {
  const totals = await db.$queryRaw<{ key: string; amount: bigint }[]>`
    SELECT (${column})::text AS key, sum(amount)::bigint AS amount FROM (${rows}) r GROUP BY 1`;
  return new Map(totals.map(({ key, amount }) => [key, amount]));
}

/** A page of the rows, and the total of all. */
export async function pageOf<Row>(
  list: RowList<Row>,
  db: Reader,
  limit: number,
  after: RowPosition | undefined,
): Promise<RowPage<Row>> {
  const from = after === undefined ? sql`` : sql`WHERE (sort_key, sort_id) < (${after.key}::bigint, ${after.id})`;
  const [found, { rows, amount }] = await Promise.all([
    db.$queryRaw<Raw[]>`
      SELECT * FROM (${list.rows}) r ${from} ORDER BY sort_key DESC, sort_id DESC LIMIT ${limit + 1}`,
    totalOf(list, db),
  ]);
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  return {
    total: { rows, amount: String(amount) },
    data: shown.map(list.toRow),
    next: last === undefined ? null : { key: BigInt(last.sort_key), id: last.sort_id },
  };
}

/** An instant as a whole number to sort by. */
export const millis = (column: Sql): Sql => sql`(extract(epoch FROM ${column}) * 1000)::bigint`;

/** The part of a row that says whose it is. */
export const whoOf = ({ customer_id, customer_name }: Raw) => ({ customer_id, customer_name });
