import type { EventsCsvQuery } from '@bastionary/contracts/finance-exports';
import { toInstant } from '@bastionary/contracts/text';
import { sql } from '@bastionary/prisma/client';
import { millis, type Raw, type RowList, whoOf } from './row-list.js';

/** Accepted events of a span, the newest first. */
export const acceptedEventRows = ({ customer_id: customerId, type, from, to }: EventsCsvQuery): RowList<EventRow> => ({
  rows: sql`
    SELECT e.time, e.recorded_at, e.source, e.id, e.type, e.customer_id, c.name AS customer_name, e.subject, e.client_id,
      e.sent_by, e.data::text AS data, 0::bigint AS amount, ${millis(sql`e.time`)} AS sort_key,
      e.xid::text || ' ' || lpad(e.seq::text, 10, '0') AS sort_id
    FROM usage_event e JOIN customer c ON c.id = e.customer_id
    WHERE e.time >= ${from}::timestamptz AND e.time < ${to}::timestamptz
      AND (${customerId ?? null}::text IS NULL OR e.customer_id = ${customerId ?? null})
      AND (${type ?? null}::text IS NULL OR e.type = ${type ?? null})`,
  toRow: (raw: Raw) => ({
    time: toInstant(raw.time),
    recorded_at: toInstant(raw.recorded_at),
    source: raw.source,
    id: raw.id,
    type: raw.type,
    ...whoOf(raw),
    subject: raw.subject,
    client_id: raw.client_id,
    sent_by: raw.sent_by,
    data: raw.data,
  }),
});

interface EventRow {
  readonly time: string;
  readonly recorded_at: string;
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly customer_id: string;
  readonly customer_name: string;
  readonly subject: string | null;
  readonly client_id: string | null;
  readonly sent_by: string;
  readonly data: string | null;
}
