import type { EventType } from '@bastionary/contracts/events';
import type { Transaction } from '@bastionary/prisma/client';
import canonicalize from 'canonicalize';
import { newId } from './ids.js';

/** Something that happened, for whoever subscribed to it. */
export interface OutboxEntry {
  readonly type: EventType;
  /** Events with the same key arrive in order. For example `client:my_client_id` */
  readonly key: string;
  readonly customerId?: string | null;
  readonly clientId?: string | null;
  /** What the receiver is told. Never a secret: it leaves the house. */
  readonly data: Record<string, unknown>;
}

/**
 * Writes events in the transaction of the change, in one statement: both commit, or neither. Their order is that of the
 * changes if these wait for each other, so call it after the row they share is locked.
 */
export async function appendEvent(tx: Transaction, ...entries: readonly OutboxEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map(({ type, key, customerId, clientId, data }, place) => ({
    id: newId('evt'),
    place,
    type,
    key,
    customer_id: customerId ?? null,
    client_id: clientId ?? null,
    data: canonicalize(data) ?? '{}',
  }));
  await tx.$executeRaw`
    INSERT INTO outbox_event (id, type, key, customer_id, client_id, data, at)
    SELECT id, type, key, customer_id, client_id, data, clock_timestamp()
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS entry (id text, place int, type text, key text,
      customer_id text, client_id text, data text)
    ORDER BY place`;
}
