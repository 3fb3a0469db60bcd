import type { MovementKind, MovementRows, MrrCustomerRows, MrrSeries } from '@bastionary/contracts/finance';
import { toInstant } from '@bastionary/contracts/text';
import { type Reader, type Sql, sql } from '@bastionary/prisma/client';
import { type Bar, type WindowSums, waterfall, windowsOf } from '../../rules/revenue/waterfall.js';
import { millis, type Raw, type RowList, totalsBy, whoOf } from './row-list.js';
import type { Scope } from './spans.js';

/** What every subscription was worth just before an instant: subscription_id, customer_id, amount, terms. */
export const worthBefore = (currency: string, at: Date): Sql => sql`
  SELECT DISTINCT ON (subscription_id) subscription_id, customer_id, amount, terms FROM mrr_point
  WHERE currency = ${currency} AND at < ${at} ORDER BY subscription_id, at DESC`;

/** Customers with MRR just before an instant, the most first. */
export const mrrCustomers = (currency: string, at: Date): RowList<MrrCustomerRows['data'][number]> => ({
  rows: sql`
    SELECT c.id AS customer_id, c.name AS customer_name, c.country, count(*)::int AS subscriptions,
      string_agg(p.terms, ' + ' ORDER BY p.subscription_id) AS terms, sum(p.amount)::bigint AS amount,
      sum(p.amount)::bigint AS sort_key, c.id AS sort_id
    FROM (${worthBefore(currency, at)}) p JOIN customer c ON c.id = p.customer_id
    WHERE p.amount > 0 GROUP BY c.id`,
  toRow: (raw: Raw) => ({
    ...whoOf(raw),
    country: raw.country,
    subscriptions: raw.subscriptions,
    terms: raw.terms,
    amount: String(raw.amount),
  }),
});

/**
 * Every change of MRR up to an instant, and its kind: by what the customer paid before and after that instant with all its
 * subscriptions, so that one who moves from one to another at the same instant neither churns nor is new.
 */
const moves = (currency: string, to: Date): Sql => sql`
  WITH step AS (
    SELECT subscription_id, customer_id, at, terms, reason, recorded_at, amount AS after,
      coalesce(lag(amount) OVER (PARTITION BY subscription_id ORDER BY at), 0) AS before
    FROM mrr_point WHERE currency = ${currency} AND at < ${to}
  ), moment AS (
    SELECT customer_id, at, sum(after - before) AS moved,
      sum(sum(after - before)) OVER (PARTITION BY customer_id ORDER BY at) AS total
    FROM step GROUP BY customer_id, at
  ), known AS (
    SELECT *, coalesce(max(total) OVER (PARTITION BY customer_id ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
      AS most FROM moment
  )
  SELECT s.*, s.after - s.before AS amount, CASE
      WHEN k.total > 0 AND k.total = k.moved THEN CASE WHEN k.most > 0 THEN 'reactivation' ELSE 'new' END
      WHEN k.total = 0 THEN 'churn' WHEN s.after > s.before THEN 'expansion' ELSE 'contraction' END AS kind
  FROM step s JOIN known k USING (customer_id, at) WHERE s.after <> s.before`;

/** Movements of a span, the newest first. */
export const mrrMovements = (
  { currency, from, to }: Scope,
  { kind, customerId }: { readonly kind?: MovementKind | undefined; readonly customerId?: string | undefined } = {},
): RowList<MovementRows['data'][number]> => ({
  rows: sql`
    SELECT m.*, c.name AS customer_name, ${millis(sql`m.at`)} AS sort_key, m.subscription_id AS sort_id
    FROM (${moves(currency, to)}) m JOIN customer c ON c.id = m.customer_id
    WHERE m.at >= ${from} AND (${kind ?? null}::text IS NULL OR m.kind = ${kind ?? null})
      AND (${customerId ?? null}::text IS NULL OR m.customer_id = ${customerId ?? null})`,
  toRow: (raw: Raw) => ({
    at: toInstant(raw.at),
    recorded_at: toInstant(raw.recorded_at),
    ...whoOf(raw),
    subscription_id: raw.subscription_id,
    kind: raw.kind,
    reason: raw.reason,
    terms: raw.terms,
    amount: String(raw.amount),
    before: String(raw.before),
    after: String(raw.after),
  }),
});

/** What the movements of a span come to, by kind. */
export const movementsByKind = (db: Reader, scope: Scope): Promise<Map<string, bigint>> =>
  totalsBy(mrrMovements(scope), sql`kind`, db);

/** The waterfall of a span: bars that begin where the one before ends. */
export async function mrrBars(db: Reader, scope: Scope, window: MrrSeries['window']): Promise<Bar[]> {
  const [opening] = await db.$queryRaw<[{ amount: bigint; customers: number }]>`
    SELECT coalesce(sum(amount), 0)::bigint AS amount, count(DISTINCT customer_id)::int AS customers
    FROM (${worthBefore(scope.currency, scope.from)}) p WHERE amount > 0`;
  const sums = await db.$queryRaw<{ start: Date; kind: MovementKind; amount: bigint; customers: number }[]>`
    SELECT greatest(date_trunc(${window}, at, 'UTC'), ${scope.from}) AS start, kind, sum(amount)::bigint AS amount,
      count(DISTINCT (customer_id, at))::int AS customers
    FROM (${moves(scope.currency, scope.to)}) m WHERE at >= ${scope.from} GROUP BY 1, 2`;
  const moved = sums.map(
    ({ start, kind, amount, customers }): WindowSums => ({
      from: start,
      sums: { [kind]: amount },
      customers: CAME[kind] * customers,
    }),
  );
  return waterfall(opening, windowsOf(scope, window), moved);
}

// What a movement of a kind does to the number of customers.
const CAME: Readonly<Record<MovementKind, number>> = {
  new: 1,
  reactivation: 1,
  churn: -1,
  expansion: 0,
  contraction: 0,
};
