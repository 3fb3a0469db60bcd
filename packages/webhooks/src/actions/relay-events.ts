import type { Transaction } from '@bastionary/prisma/client';
import { matchesType } from '../rules/event-pattern.js';
import { enqueue } from './enqueue.js';

const LOCK = 1_637_104_211;
/** Events in one transaction. */
export const RELAYED_AT_ONCE = 500;

interface Waiting {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  readonly at: Date;
}

/**
 * Makes deliveries of the events that have none yet. One process at a time: two would mix up the order.
 * @returns how many events; 0 also if another process is at it
 */
export async function relayEvents(tx: Transaction): Promise<number> {
  const [lock] = await tx.$queryRaw<[{ ours: boolean }]>`SELECT pg_try_advisory_xact_lock(${LOCK}) AS ours`;
  if (!lock.ours) return 0;
  const events = await tx.$queryRaw<Waiting[]>`
    SELECT id, type, key, at FROM outbox_event WHERE relayed_at IS NULL ORDER BY seq LIMIT ${RELAYED_AT_ONCE}`;
  if (events.length === 0) return 0;
  const endpoints = await tx.webhookEndpoint.findMany({
    where: { enabled: true },
    select: { id: true, eventTypes: true, listensSince: true },
  });
  const wanted = events.flatMap(({ id: eventId, type, key, at }) =>
    endpoints
      .filter(({ eventTypes, listensSince }) => at >= listensSince && matchesType(eventTypes, type))
      .map(({ id: endpointId }) => ({ endpointId, eventId, key })),
  );
  await enqueue(tx, wanted, false);
  const ids = events.map(({ id }) => id);
  await tx.$executeRaw`UPDATE outbox_event SET relayed_at = clock_timestamp() WHERE id = ANY(${ids}::text[])`;
  return events.length;
}
