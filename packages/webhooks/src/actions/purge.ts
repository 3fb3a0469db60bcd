import type { Transaction } from '@bastionary/prisma/client';

const AT_ONCE = 5_000;

/** Forgets events that happened before an instant, with all their deliveries. @returns how many events */
export async function purgeEvents(tx: Transaction, before: Date): Promise<number> {
  return tx.$executeRaw`
    DELETE FROM outbox_event WHERE id IN (
      SELECT id FROM outbox_event WHERE at < ${before} AND relayed_at IS NOT NULL ORDER BY at LIMIT ${AT_ONCE}
      FOR UPDATE SKIP LOCKED)`;
}

/** Removes what is left of removed endpoints: deliveries first, then the rows themselves. @returns how many rows */
export async function purgeRemovedEndpoints(tx: Transaction): Promise<number> {
  const deliveries = await tx.$executeRaw`
    DELETE FROM webhook_delivery WHERE id IN (
      SELECT delivery.id FROM webhook_delivery AS delivery JOIN webhook_endpoint AS endpoint ON endpoint.id = endpoint_id
      WHERE endpoint.removed_at IS NOT NULL LIMIT ${AT_ONCE} FOR UPDATE OF delivery SKIP LOCKED)`;
  const endpoints = await tx.$executeRaw`
    DELETE FROM webhook_endpoint AS endpoint WHERE removed_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM webhook_delivery WHERE endpoint_id = endpoint.id)`;
  return deliveries + endpoints;
}
