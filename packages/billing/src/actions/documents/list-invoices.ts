import type { InvoiceListQuery } from '@bastionary/contracts/invoices';
import { type Reader, type Sql, sql } from '@bastionary/prisma/client';
import type { InvoiceHead } from './find-invoice.js';

/** Where the page before ended. */
export interface ListPosition {
  readonly at: Date;
  readonly id: string;
}

/**
 * Invoices, the newest first; one more than asked for if there are more.
 * @param own the customer whose they must be, who sees no drafts; null: anybody's
 */
export async function listInvoices(
  db: Reader,
  own: string | null,
  query: Omit<InvoiceListQuery, 'cursor'>,
  after: ListPosition | undefined,
  now: Date,
): Promise<InvoiceHead[]> {
  const found = await db.$queryRaw<{ id: string }[]>`
    SELECT i.id FROM invoice i
    WHERE ${matching(own, query, now)}
      AND (${after?.at ?? null}::timestamptz IS NULL
        OR (i.created_at, i.id) < (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::text))
    ORDER BY i.created_at DESC, i.id DESC LIMIT ${query.limit + 1}`;
  return db.invoice.findMany({
    where: { id: { in: found.map(({ id }) => id) } },
    omit: { document: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
}

/** What an invoice `i` has to be like: as a condition, for the list and for its CSV. */
export function matching(own: string | null, query: Omit<InvoiceListQuery, 'limit' | 'cursor'>, now: Date): Sql {
  const { customer_id, subscription_id, currency, status, overdue, anomalous, from, to, search } = query;
  // LIKE's own signs are meant as they stand.
  const pattern = search === undefined ? null : `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
  return sql`
    (${own}::text IS NULL OR (i.customer_id = ${own} AND i.status <> 'draft'))
    AND (${customer_id ?? null}::text IS NULL OR i.customer_id = ${customer_id ?? null})
    AND (${subscription_id ?? null}::text IS NULL OR i.subscription_id = ${subscription_id ?? null})
    AND (${currency ?? null}::text IS NULL OR i.currency = ${currency ?? null})
    AND (${status ?? null}::text IS NULL OR i.status = ${status ?? null})
    AND (${overdue ?? null}::boolean IS NULL
      OR (i.status = 'open' AND i.due_at <= ${now}) = ${overdue ?? null}::boolean)
    AND (${anomalous ?? null}::boolean IS NULL
      OR (i.status = 'draft' AND jsonb_array_length(i.anomalies) > 0) = ${anomalous ?? null}::boolean)
    AND (${from ?? null}::timestamptz IS NULL OR i.created_at >= ${from ?? null}::timestamptz)
    AND (${to ?? null}::timestamptz IS NULL OR i.created_at < ${to ?? null}::timestamptz)
    AND (${pattern}::text IS NULL OR i.number ILIKE ${pattern} OR i.id = ${search ?? null}
      OR EXISTS (SELECT FROM customer c WHERE c.id = i.customer_id AND c.name ILIKE ${pattern}))`;
}
