import type { ClientWithSecret } from '@bastionary/contracts/clients';
import type { RotateSecretRequest } from '@bastionary/contracts/credentials';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { statusAt } from '../rules/client-status.js';
import { type CredentialTerms, checkRoom, touchClient } from './add-credential.js';
import { appendClientEvent } from './append-client-event.js';
import { newSecret } from './credentials.js';
import { getClient } from './find-client.js';
import { lockClient } from './update-client.js';

/**
 * Gives a client a generated secret in place of those it has. The old ones stop at once, or `overlap_seconds` from now if
 * they would not have stopped sooner; tokens already issued live on. Keys stay as they are.
 * @throws AppError not_found, invalid_request (too many credentials)
 */
export async function rotateSecret(
  tx: Transaction,
  origin: Origin,
  clientId: string,
  { overlap_seconds, label }: RotateSecretRequest,
  { peppers, perClientMax }: CredentialTerms,
  now: Date,
): Promise<ClientWithSecret> {
  await lockClient(tx, clientId);
  const client = await getClient(tx, clientId);
  const { secret, row } = await newSecret(undefined, peppers, now);
  const old = { clientId, kind: 'secret' };
  if (overlap_seconds === 0) {
    await tx.credential.deleteMany({ where: old });
  } else {
    checkRoom(client, perClientMax);
    const end = new Date(now.getTime() + overlap_seconds * 1_000);
    const lastsLonger = { OR: [{ expiresAt: null }, { expiresAt: { gt: end } }] };
    await tx.credential.updateMany({ where: { ...old, ...lastsLonger }, data: { expiresAt: end } });
  }
  await tx.credential.create({ data: { ...row, clientId, label: label ?? null } });
  await touchClient(tx, clientId, now);
  await appendAudit(tx, origin, {
    action: 'client.secret_rotated',
    target: `client:${clientId}`,
    detail: {
      from: client.credentials.filter(({ kind }) => kind === 'secret').map(({ hint }) => hint),
      to: row.hint,
      ...(overlap_seconds > 0 && { overlap_seconds }),
    },
  });
  await appendClientEvent(tx, { type: 'client.secret_rotated', clientId, data: { overlap_seconds } });
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
