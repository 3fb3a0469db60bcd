import type { RevenueLineRows, RevenueQuery, RevenueTable } from '@bastionary/contracts/finance';
import { toInstant } from '@bastionary/contracts/text';
import { type Reader, type Sql, sql } from '@bastionary/prisma/client';
import { millis, type Raw, type RowList, whoOf } from './row-list.js';
import type { Scope } from './spans.js';

export interface RevenueFilter {
  /** `key` or `key@version`; empty: none */
  readonly plan?: string | undefined;
  /** Empty: none */
  readonly country?: string | undefined;
  readonly customerId?: string | undefined;
}

// Net of discount, and of the tax where the amount held it.
const NET = sql`(l.amount - l.discount - CASE WHEN l.tax_inclusive THEN l.tax ELSE 0 END)`;

/** Lines that make revenue in a span: of invoices finalized, taken back where voided, and of credit notes. */
const entries = ({ currency, from, to }: Scope): Sql => sql`
  SELECT i.finalized_at AS at, 'invoice' AS kind, i.number, i.id AS invoice_id, i.customer_id, l.id AS line_id, l.plan,
    l.price, l.description, ${NET} AS amount
  FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id
  WHERE i.currency = ${currency} AND i.finalized_at >= ${from} AND i.finalized_at < ${to}
  UNION ALL
  SELECT i.voided_at, 'void', i.number, i.id, i.customer_id, l.id, l.plan, l.price, l.description, -${NET}
  FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id
  WHERE i.currency = ${currency} AND i.voided_at >= ${from} AND i.voided_at < ${to}
  UNION ALL
  SELECT n.created_at, 'credit_note', n.number, n.invoice_id, n.customer_id, t.id, l.plan, l.price, l.description, -t.amount
  FROM credit_note n JOIN credit_note_line t ON t.credit_note_id = n.id JOIN invoice_line l ON l.id = t.invoice_line_id
  WHERE n.currency = ${currency} AND n.created_at >= ${from} AND n.created_at < ${to}`;

/** The lines behind revenue, the newest first. */
export const revenueLines = (
  scope: Scope,
  { plan, country, customerId }: RevenueFilter = {},
): RowList<RevenueLineRows['data'][number]> => ({
  rows: sql`
    SELECT e.*, c.name AS customer_name, c.country, ${millis(sql`e.at`)} AS sort_key, e.kind || ' ' || e.line_id AS sort_id
    FROM (${entries(scope)}) e JOIN customer c ON c.id = e.customer_id
    WHERE (${plan ?? null}::text IS NULL OR coalesce(e.plan, '') = ${plan ?? null}
        OR split_part(coalesce(e.plan, ''), '@', 1) = ${plan ?? null})
      AND (${country ?? null}::text IS NULL OR coalesce(c.country, '') = ${country ?? null})
      AND (${customerId ?? null}::text IS NULL OR e.customer_id = ${customerId ?? null})`,
  toRow: (raw: Raw) => ({
    at: toInstant(raw.at),
    kind: raw.kind,
    number: raw.number,
    invoice_id: raw.invoice_id,
    ...whoOf(raw),
    country: raw.country,
    plan: raw.plan,
    price: raw.price,
    description: raw.description,
    amount: String(raw.amount),
  }),
});

const KEYS: Readonly<Record<RevenueQuery['by'], readonly [key: Sql, label: Sql]>> = {
  plan: [sql`split_part(plan, '@', 1)`, sql`(SELECT p.name FROM plan p WHERE p.key = k.key)`],
  country: [sql`country`, sql`k.key`],
  customer: [sql`customer_id`, sql`(SELECT c.name FROM customer c WHERE c.id = k.key)`],
  month: [sql`to_char(at AT TIME ZONE 'UTC', 'YYYY-MM')`, sql`k.key`],
};

/** Revenue by what it is for, the most first; months in order. */
export async function revenueBy(db: Reader, scope: Scope, by: RevenueQuery['by']): Promise<RevenueTable['data']> {
  const [key, label] = KEYS[by];
  const rows = await db.$queryRaw<Raw[]>`
    SELECT k.*, ${label} AS label FROM (
      SELECT ${key} AS key, coalesce(sum(amount) FILTER (WHERE kind = 'invoice'), 0)::bigint AS invoiced,
        coalesce(sum(amount) FILTER (WHERE kind <> 'invoice'), 0)::bigint AS taken_back, sum(amount)::bigint AS amount,
        count(*)::int AS rows
      FROM (${revenueLines(scope).rows}) l GROUP BY 1
    ) k ORDER BY ${by === 'month' ? sql`k.key` : sql`k.amount DESC, k.key`}`;
  return rows.map((raw) => ({
    key: raw.key,
    label: raw.label ?? raw.key ?? '',
    invoiced: String(raw.invoiced),
    taken_back: String(raw.taken_back),
    amount: String(raw.amount),
    rows: raw.rows,
  }));
}
