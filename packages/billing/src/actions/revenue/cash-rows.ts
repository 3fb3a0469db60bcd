import type { CashQuery, CashRows, FailedPaymentRows } from '@bastionary/contracts/finance-money';
import { toInstant } from '@bastionary/contracts/text';
import { sql } from '@bastionary/prisma/client';
import { millis, type Raw, type RowList, whoOf } from './row-list.js';
import type { Scope } from './spans.js';

/** Payments by when they were received, and refunds that were made; the newest first. */
export const cashRows = (
  { currency, from, to }: Scope,
  { kind, customerId }: { readonly kind?: CashQuery['kind']; readonly customerId?: string | undefined } = {},
): RowList<CashRows['data'][number]> => ({
  rows: sql`
    SELECT m.*, i.number AS invoice_number, c.name AS customer_name, ${millis(sql`m.at`)} AS sort_key, m.id AS sort_id
    FROM (
      SELECT p.id, p.received_at AS at, 'payment' AS kind, p.customer_id, p.invoice_id, p.provider, p.reference, p.amount
      FROM payment p WHERE p.currency = ${currency} AND p.received_at >= ${from} AND p.received_at < ${to}
      UNION ALL
      SELECT r.id, r.created_at, 'refund', r.customer_id, p.invoice_id, r.provider, r.reference, -r.amount
      FROM refund r JOIN payment p ON p.id = r.payment_id
      WHERE r.currency = ${currency} AND r.status = 'succeeded' AND r.created_at >= ${from} AND r.created_at < ${to}
    ) m JOIN customer c ON c.id = m.customer_id LEFT JOIN invoice i ON i.id = m.invoice_id
    WHERE (${kind ?? null}::text IS NULL OR m.kind = ${kind ?? null})
      AND (${customerId ?? null}::text IS NULL OR m.customer_id = ${customerId ?? null})`,
  toRow: (raw: Raw) => ({
    id: raw.id,
    at: toInstant(raw.at),
    kind: raw.kind,
    ...whoOf(raw),
    invoice_id: raw.invoice_id,
    invoice_number: raw.invoice_number,
    provider: raw.provider,
    reference: raw.reference,
    amount: String(raw.amount),
  }),
});

/** Attempts to collect that failed, the newest first. */
export const failedPayments = (
  { currency, from, to }: Scope,
  customerId?: string,
): RowList<FailedPaymentRows['data'][number]> => ({
  rows: sql`
    SELECT a.ended_at AS at, a.customer_id, c.name AS customer_name, a.invoice_id, i.number AS invoice_number,
      'stripe' AS provider, coalesce(a.failure_message, a.failure_code, a.state) AS reason, i.status, a.amount,
      ${millis(sql`a.ended_at`)} AS sort_key, a.id AS sort_id
    FROM stripe_attempt a JOIN invoice i ON i.id = a.invoice_id JOIN customer c ON c.id = a.customer_id
    WHERE a.currency = ${currency} AND a.state IN ('declined', 'refused') AND a.ended_at >= ${from} AND a.ended_at < ${to}
      AND (${customerId ?? null}::text IS NULL OR a.customer_id = ${customerId ?? null})`,
  toRow: (raw: Raw) => ({
    at: toInstant(raw.at),
    ...whoOf(raw),
    invoice_id: raw.invoice_id,
    invoice_number: raw.invoice_number,
    provider: raw.provider,
    reason: raw.reason,
    status: raw.status,
    amount: String(raw.amount),
  }),
});
