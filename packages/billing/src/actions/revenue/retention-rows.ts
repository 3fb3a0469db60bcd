import type { RetentionQuery, RetentionRows } from '@bastionary/contracts/finance';
import { type Reader, sql } from '@bastionary/prisma/client';
import { percentage } from '../../rules/revenue/percentage.js';
import { worthBefore } from './mrr-rows.js';
import { type Raw, type RowList, whoOf } from './row-list.js';
import type { Scope } from './spans.js';

/** Whoever had MRR at the start of a span, and what it pays at its end; the most first. */
export const retention = (
  { currency, from, to }: Scope,
  outcome?: RetentionQuery['outcome'],
): RowList<RetentionRows['data'][number]> => ({
  rows: sql`
    SELECT * FROM (
      SELECT c.id AS customer_id, c.name AS customer_name, s.amount AS "start", coalesce(e.amount, 0) AS "end",
        coalesce(e.amount, 0) - s.amount AS amount, s.amount AS sort_key, c.id AS sort_id,
        CASE WHEN coalesce(e.amount, 0) = 0 THEN 'lost' WHEN e.amount < s.amount THEN 'less'
          WHEN e.amount = s.amount THEN 'same' ELSE 'more' END AS outcome
      FROM (SELECT customer_id, sum(amount)::bigint AS amount FROM (${worthBefore(currency, from)}) p GROUP BY 1) s
      LEFT JOIN (SELECT customer_id, sum(amount)::bigint AS amount FROM (${worthBefore(currency, to)}) p GROUP BY 1) e
        USING (customer_id)
      JOIN customer c ON c.id = s.customer_id
      WHERE s.amount > 0
    ) r WHERE ${outcome ?? null}::text IS NULL OR outcome = ${outcome ?? null}`,
  toRow: (raw: Raw) => ({
    ...whoOf(raw),
    outcome: raw.outcome,
    start: String(raw.start),
    end: String(raw.end),
    amount: String(raw.amount),
  }),
});

/** What the rows of a span come to. */
export async function retentionSummary(db: Reader, scope: Scope): Promise<RetentionRows['summary']> {
  const [sums] = await db.$queryRaw<[{ customers: bigint; lost: bigint; start: bigint; end: bigint; kept: bigint }]>`
    SELECT count(*) AS customers, count(*) FILTER (WHERE outcome = 'lost') AS lost, coalesce(sum("start"), 0)::bigint AS "start",
      coalesce(sum("end"), 0)::bigint AS "end", coalesce(sum(least("start", "end")), 0)::bigint AS kept
    FROM (${retention(scope).rows}) r`;
  const { customers, lost, start, end, kept } = sums;
  return {
    customers: Number(customers),
    lost: Number(lost),
    start: String(start),
    end: String(end),
    kept: String(kept),
    logo_churn: percentage(lost, customers),
    gross_retention: percentage(kept, start),
    net_retention: percentage(end, start),
  };
}
