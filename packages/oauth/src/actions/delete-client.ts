import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { announce } from '@bastionary/platform/changes';
import type { Transaction } from '@bastionary/prisma/client';
import { appendClientEvent } from './append-client-event.js';
import { getClient } from './find-client.js';
import { lockClient } from './update-client.js';

/**
 * Deletes a client: its credentials go, its tokens are dead at once, its id stays taken for ever.
 * @throws AppError not_found
 */
export async function deleteClient(tx: Transaction, origin: Origin, clientId: string, now: Date): Promise<void> {
  await lockClient(tx, clientId);
  const { name, scopes } = await getClient(tx, clientId);
  await tx.credential.deleteMany({ where: { clientId } });
  await tx.client.update({
    where: { clientId },
    data: { status: 'deleted', updatedAt: now, version: { increment: 1 } },
  });
  await announce(tx, { kind: 'client', clientId });
  await appendAudit(tx, origin, { action: 'client.deleted', target: `client:${clientId}`, detail: { name, scopes } });
  await appendClientEvent(tx, { type: 'client.deleted', clientId, data: { name } });
}
