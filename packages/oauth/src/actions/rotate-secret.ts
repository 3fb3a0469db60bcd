import type { ClientWithSecret } from '@bastionary/contracts/clients';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { announce } from '@bastionary/platform/changes';
import type { Transaction } from '@bastionary/prisma/client';
import { statusAt } from '../rules/client-status.js';
import { newSecret } from './credentials.js';
import { getClient } from './find-client.js';
import type { Peppers } from './peppers.js';
import { lockClient } from './update-client.js';

/**
 * Replaces every secret of a client by a generated one. The old ones stop at once; tokens already issued live on.
 * @throws AppError not_found
 */
export async function rotateSecret(
  tx: Transaction,
  origin: Origin,
  clientId: string,
  peppers: Peppers,
  now: Date,
): Promise<ClientWithSecret> {
  await lockClient(tx, clientId);
  const client = await getClient(tx, clientId);
  const { secret, row } = await newSecret(undefined, peppers, now);
  await tx.credential.deleteMany({ where: { clientId, kind: 'secret' } });
  await tx.credential.create({ data: { ...row, clientId } });
  await tx.client.update({ where: { clientId }, data: { updatedAt: now, version: { increment: 1 } } });
  await announce(tx, { kind: 'client', clientId });
  await appendAudit(tx, origin, {
    action: 'client.secret_rotated',
    target: `client:${clientId}`,
    detail: { from: client.credentials.map((old) => old.hint), to: row.hint },
  });
  return {
    client_id: clientId,
    client_secret: secret,
    name: client.name,
    scopes: client.scopes,
    expiry: toInstantOrNull(client.expiry),
    status: statusAt(client, now.getTime()) as ClientWithSecret['status'],
    created_at: toInstant(client.createdAt),
    warnings: [],
  };
}
