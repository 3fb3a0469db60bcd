import type { AgeBucket, DunningBoard, ReceivableRows, Receivables } from '@bastionary/contracts/finance';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { type Reader, sql } from '@bastionary/prisma/client';
import { millis, type Raw, type RowList, totalsBy, whoOf } from './row-list.js';

export interface ReceivableFilter {
  readonly bucket?: AgeBucket | undefined;
  readonly overdue?: boolean | undefined;
  readonly dunningStep?: number | undefined;
  readonly customerId?: string | undefined;
}

/** Days overdue, the last of each; in the order of the ageing. */
const BUCKETS: readonly (readonly [bucket: AgeBucket, label: string])[] = [
  ['not_due', 'Not due'],
  ['1_30', '1–30 days'],
  ['31_60', '31–60 days'],
  ['61_90', '61–90 days'],
  ['over_90', 'Over 90 days'],
];

/**
 * What was open of invoices at an instant, as the books then stood, the longest overdue first. On the first day after the
 * due date an invoice is 1 day overdue.
 */
export const receivableInvoices = (
  currency: string,
  asOf: Date,
  { bucket, overdue, dunningStep, customerId }: ReceivableFilter = {},
): RowList<ReceivableRows['data'][number]> => ({
  rows: sql`
    SELECT * FROM (
      SELECT o.*, c.name AS customer_name, ${millis(sql`${asOf}::timestamptz`)} - ${millis(sql`o.due_at`)} AS sort_key,
        o.invoice_id AS sort_id, CASE WHEN o.days = 0 THEN 'not_due' WHEN o.days <= 30 THEN '1_30'
          WHEN o.days <= 60 THEN '31_60' WHEN o.days <= 90 THEN '61_90' ELSE 'over_90' END AS bucket
      FROM (
        SELECT i.id AS invoice_id, i.number, i.customer_id, i.finalized_at, i.due_at, i.total, i.dunning_step, i.next_dunning_at,
          greatest(0, ceil(extract(epoch FROM ${asOf}::timestamptz - i.due_at) / 86400))::int AS days, b.amount
        FROM invoice i CROSS JOIN LATERAL (
          SELECT coalesce(sum(e.amount), 0)::bigint AS amount
          FROM ledger_entry e JOIN ledger_transaction t ON t.id = e.transaction_id
          WHERE e.invoice_id = i.id AND e.account = 'receivable' AND t.at <= ${asOf}
        ) b
        WHERE i.currency = ${currency} AND i.finalized_at <= ${asOf} AND (i.paid_at IS NULL OR i.paid_at > ${asOf})
          AND (i.voided_at IS NULL OR i.voided_at > ${asOf})
          AND (i.uncollectible_at IS NULL OR i.uncollectible_at > ${asOf})
      ) o JOIN customer c ON c.id = o.customer_id
    ) r
    WHERE amount > 0 AND (${bucket ?? null}::text IS NULL OR bucket = ${bucket ?? null})
      AND (${overdue ?? null}::boolean IS NULL OR (days > 0) = ${overdue ?? null}::boolean)
      AND (${dunningStep ?? null}::int IS NULL OR dunning_step = ${dunningStep ?? null}::int)
      AND (${customerId ?? null}::text IS NULL OR customer_id = ${customerId ?? null})`,
  toRow: (raw: Raw) => ({
    invoice_id: raw.invoice_id,
    number: raw.number,
    ...whoOf(raw),
    finalized_at: toInstant(raw.finalized_at),
    due_at: toInstant(raw.due_at),
    days_overdue: raw.days,
    bucket: raw.bucket,
    total: String(raw.total),
    amount: String(raw.amount),
    dunning_step: raw.dunning_step,
    next_dunning_at: toInstantOrNull(raw.next_dunning_at),
  }),
});

/** What was open, by whether it was overdue: true or false. */
export const receivablesByOverdue = (db: Reader, currency: string, asOf: Date): Promise<Map<string, bigint>> =>
  totalsBy(receivableInvoices(currency, asOf), sql`days > 0`, db);

/** The ageing: every bucket, also those with nothing in them. */
export async function ageing(
  db: Reader,
  currency: string,
  asOf: Date,
): Promise<Pick<Receivables, 'total' | 'buckets'>> {
  const found = await db.$queryRaw<{ bucket: AgeBucket; invoices: number; amount: bigint }[]>`
    SELECT bucket, count(*)::int AS invoices, sum(amount)::bigint AS amount
    FROM (${receivableInvoices(currency, asOf).rows}) r GROUP BY bucket`;
  const sum = (some: typeof found): bigint => some.reduce((total, { amount }) => total + amount, 0n);
  return {
    total: {
      invoices: found.reduce((total, { invoices }) => total + invoices, 0),
      amount: String(sum(found)),
      overdue: String(sum(found.filter(({ bucket }) => bucket !== 'not_due'))),
    },
    buckets: BUCKETS.map(([bucket, label]) => {
      const { invoices = 0, amount = 0n } = found.find((one) => one.bucket === bucket) ?? {};
      return { bucket, label, invoices, amount: String(amount) };
    }),
  };
}

/** Overdue invoices by how many steps of dunning were done. */
export async function dunningBoard(
  db: Reader,
  currency: string,
  now: Date,
): Promise<Pick<DunningBoard, 'total' | 'data'>> {
  const columns = await db.$queryRaw<{ step: number; invoices: number; amount: bigint }[]>`
    SELECT dunning_step AS step, count(*)::int AS invoices, sum(amount)::bigint AS amount
    FROM (${receivableInvoices(currency, now, { overdue: true }).rows}) r GROUP BY 1 ORDER BY 1`;
  return {
    total: {
      invoices: columns.reduce((total, { invoices }) => total + invoices, 0),
      amount: String(columns.reduce((total, { amount }) => total + amount, 0n)),
    },
    data: columns.map((column) => ({ ...column, amount: String(column.amount) })),
  };
}
