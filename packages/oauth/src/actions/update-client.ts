import type { UpdateClientRequest } from '@bastionary/contracts/clients';
import { toInstantOrNull } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { announce } from '@bastionary/platform/changes';
import type { Transaction } from '@bastionary/prisma/client';
import { statusAt } from '../rules/client-status.js';
import { appendClientEvent } from './append-client-event.js';
import { checkScopesExist, checkScopesForCustomer } from './check-scopes.js';
import { checkMetadata, metadataColumns, metadataOf, replaceKeys } from './client-metadata.js';
import { type ClientRow, getClient } from './find-client.js';

/**
 * Changes a client's name, scopes, expiry, status or metadata. What stays the same is not written, and leaves no record.
 * @param ifVersion the version the caller has seen; undefined if it does not care
 * @throws AppError not_found, unknown_scope, version_mismatch, invalid_request (a scope not for customers)
 */
export async function updateClient(
  tx: Transaction,
  origin: Origin,
  clientId: string,
  change: UpdateClientRequest,
  ifVersion: number | undefined,
  now: Date,
): Promise<ClientRow> {
  await lockClient(tx, clientId);
  const before = await getClient(tx, clientId);
  if (ifVersion !== undefined && ifVersion !== before.version) {
    throw new AppError(
      'version_mismatch',
      'Somebody changed this client since you read it. Read it again and repeat the change.',
    );
  }
  if (change.scopes !== undefined) {
    checkScopesForCustomer(change.scopes, before.customerId);
    await checkScopesExist(tx, change.scopes);
  }
  await checkMetadata(tx, change);

  const expiry = change.expiry === undefined ? before.expiry : change.expiry === null ? null : new Date(change.expiry);
  // A suspension outlives an expiry: only "active" ends it. An expired client wakes when its expiry moves.
  const held = change.status ?? (before.status === 'suspended' ? 'suspended' : 'active');
  const after = {
    name: change.name ?? before.name,
    scopes: [...new Set(change.scopes ?? before.scopes)],
    expiry,
    status: held === 'suspended' ? 'suspended' : statusAt({ status: held, expiry }, now.getTime()),
  };
  await tx.client.update({ where: { clientId }, data: { ...after, ...metadataColumns(change) } });
  await replaceKeys(tx, clientId, change, now);
  const changed = await getClient(tx, clientId);
  const changes = difference(before, changed);
  if (Object.keys(changes).length === 0) return before;

  await tx.client.update({ where: { clientId }, data: { updatedAt: now, version: { increment: 1 } } });
  await announce(tx, { kind: 'client', clientId });
  const action = actionOf(change, before.status, changed.status);
  await appendAudit(tx, origin, { action, target: `client:${clientId}`, detail: changes });
  await appendClientEvent(tx, { type: action, clientId, data: { changes } });
  return getClient(tx, clientId);
}

/** Waits for other changes of this client, so that each sees what the one before left. */
export async function lockClient(tx: Transaction, clientId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM client WHERE client_id = ${clientId} FOR UPDATE`;
}

const viewOf = (client: ClientRow): Record<string, unknown> => ({
  name: client.name,
  scopes: client.scopes,
  expiry: toInstantOrNull(client.expiry),
  status: client.status,
  ...metadataOf(client),
});

function difference(before: ClientRow, after: ClientRow): Record<string, { from: unknown; to: unknown }> {
  const [old, fresh] = [viewOf(before), viewOf(after)];
  const changed = Object.keys(old).filter((key) => JSON.stringify(old[key]) !== JSON.stringify(fresh[key]));
  return Object.fromEntries(changed.map((key) => [key, { from: old[key], to: fresh[key] }]));
}

function actionOf(
  change: UpdateClientRequest,
  from: string,
  to: string,
): 'client.updated' | 'client.suspended' | 'client.resumed' {
  if (change.status === undefined || from === to) return 'client.updated';
  return to === 'suspended' ? 'client.suspended' : 'client.resumed';
}
