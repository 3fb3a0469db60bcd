import type { WalletCustomerRows, WalletsSummary } from '@bastionary/contracts/finance-money';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { type Reader, sql } from '@bastionary/prisma/client';
import { windowsOf } from '../../rules/revenue/waterfall.js';
import { type Raw, type RowList, whoOf } from './row-list.js';
import type { Scope } from './spans.js';

const EXPIRING_DAYS = 30;

/** Who had how much in the wallet just before an instant, the most first. */
export const walletCustomers = (currency: string, at: Date): RowList<WalletCustomerRows['data'][number]> => ({
  rows: sql`
    SELECT c.id AS customer_id, c.name AS customer_name, sum(k.amount)::bigint AS amount,
      coalesce(sum(k.amount) FILTER (WHERE k.expires_at < ${at}::timestamptz + make_interval(days => ${EXPIRING_DAYS})), 0)::bigint
        AS expiring, min(k.expires_at) AS next_expiry, sum(k.amount)::bigint AS sort_key, c.id AS sort_id
    FROM (
      SELECT w.customer_id, w.expires_at, sum(e.amount) AS amount FROM wallet_credit w JOIN wallet_entry e ON e.credit_id = w.id
      WHERE w.currency = ${currency} AND e.at < ${at} GROUP BY w.id HAVING sum(e.amount) <> 0
    ) k JOIN customer c ON c.id = k.customer_id GROUP BY c.id`,
  toRow: (raw: Raw) => ({
    ...whoOf(raw),
    expiring: String(raw.expiring),
    next_expiry: toInstantOrNull(raw.next_expiry),
    amount: String(raw.amount),
  }),
});

/** What of it expires within 30 days. */
export async function expiringSoon(db: Reader, currency: string, at: Date): Promise<bigint> {
  const [sum] = await db.$queryRaw<[{ amount: bigint }]>`
    SELECT coalesce(sum(expiring), 0)::bigint AS amount FROM (${walletCustomers(currency, at).rows}) r`;
  return sum.amount;
}

type Movement = 'granted' | 'applied' | 'returned' | 'expired' | 'voided';

/** What became of wallets in a span: balances begin where the one before ends. */
export async function walletMovements(
  db: Reader,
  scope: Scope,
  window: 'day' | 'week' | 'month',
): Promise<WalletsSummary['data']> {
  const { currency, from, to } = scope;
  const [opening] = await db.$queryRaw<[{ amount: bigint }]>`
    SELECT coalesce(sum(e.amount), 0)::bigint AS amount FROM wallet_entry e JOIN wallet_credit w ON w.id = e.credit_id
    WHERE w.currency = ${currency} AND e.at < ${from}`;
  const moved = await db.$queryRaw<{ start: Date; kind: Movement; amount: bigint }[]>`
    SELECT greatest(date_trunc(${window}, e.at, 'UTC'), ${from}) AS start, e.kind, sum(e.amount)::bigint AS amount
    FROM wallet_entry e JOIN wallet_credit w ON w.id = e.credit_id
    WHERE w.currency = ${currency} AND e.at >= ${from} AND e.at < ${to} GROUP BY 1, 2`;
  let balance = opening.amount;
  return windowsOf(scope, window).map((span) => {
    const found = moved.filter(({ start }) => start >= span.from && start < span.to);
    const of = (kind: Movement): bigint => found.reduce((sum, one) => sum + (one.kind === kind ? one.amount : 0n), 0n);
    const start = balance;
    balance = found.reduce((sum, { amount }) => sum + amount, start);
    return {
      from: toInstant(span.from),
      to: toInstant(span.to),
      start: String(start),
      granted: String(of('granted')),
      applied: String(of('applied')),
      returned: String(of('returned')),
      expired: String(of('expired')),
      voided: String(of('voided')),
      end: String(balance),
    };
  });
}
