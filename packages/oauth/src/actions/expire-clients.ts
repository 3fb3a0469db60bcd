import { toInstantOrNull } from '@bastionary/contracts/text';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { announce } from '@bastionary/platform/changes';
import type { Transaction } from '@bastionary/prisma/client';
import { appendClientEvent } from './append-client-event.js';

/**
 * Marks active clients that are past their expiry. They have had no token since that instant anyway;
 * the mark makes it a fact in lists and in the audit log. Returns the ids.
 */
export async function expireClients(tx: Transaction, origin: Origin, now: Date): Promise<string[]> {
  const expired = await tx.client.updateManyAndReturn({
    where: { status: 'active', expiry: { lte: now } },
    data: { status: 'expired', updatedAt: now, version: { increment: 1 } },
    select: { clientId: true, expiry: true },
  });
  for (const { clientId } of expired) await announce(tx, { kind: 'client', clientId });
  await appendAudit(
    tx,
    origin,
    ...expired.map(({ clientId, expiry }) => ({
      action: 'client.expired',
      target: `client:${clientId}`,
      detail: { expiry: toInstantOrNull(expiry) },
    })),
  );
  const events = expired.map(({ clientId, expiry }) => ({
    type: 'client.expired' as const,
    clientId,
    data: { expiry: toInstantOrNull(expiry) },
  }));
  await appendClientEvent(tx, ...events);
  return expired.map(({ clientId }) => clientId);
}
