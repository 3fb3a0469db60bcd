import type { EventType } from '@bastionary/contracts/events';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Transaction } from '@bastionary/prisma/client';

/** Something that happened to a client. `data` never holds a secret, nor a hint of one. */
export interface ClientEvent {
  readonly type: EventType;
  readonly clientId: string;
  readonly data: Record<string, unknown>;
}

/** Writes events about clients, in the order of all about each. That of a customer's client names the customer too. */
export async function appendClientEvent(tx: Transaction, ...events: readonly ClientEvent[]): Promise<void> {
  if (events.length === 0) return;
  const owned = await tx.client.findMany({
    where: { clientId: { in: events.map(({ clientId }) => clientId) }, customerId: { not: null } },
    select: { clientId: true, customerId: true },
  });
  const customerOf = new Map(owned.map(({ clientId, customerId }) => [clientId, customerId]));
  const entries = events.map(({ type, clientId, data }) => {
    const customerId = customerOf.get(clientId) ?? null;
    const whose = customerId === null ? {} : { customer_id: customerId };
    return { type, key: `client:${clientId}`, customerId, clientId, data: { client_id: clientId, ...whose, ...data } };
  });
  await appendEvent(tx, ...entries);
}
