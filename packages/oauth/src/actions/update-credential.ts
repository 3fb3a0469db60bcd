import type { UpdateCredentialRequest } from '@bastionary/contracts/credentials';
import { toInstantOrNull } from '@bastionary/contracts/text';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { touchClient, validityOf } from './add-credential.js';
import { appendClientEvent } from './append-client-event.js';
import type { CredentialRow } from './credential-rows.js';
import { getClient } from './find-client.js';
import { credentialOf } from './find-credential.js';
import { lockClient } from './update-client.js';

/**
 * Changes label or validity. What stays the same is not written, and leaves no record. An `expires_at` that has passed
 * ends the credential at once.
 * @throws AppError not_found, invalid_request (it would end before it begins)
 */
export async function updateCredential(
  tx: Transaction,
  origin: Origin,
  clientId: string,
  credentialId: string,
  change: UpdateCredentialRequest,
  now: Date,
): Promise<CredentialRow> {
  await lockClient(tx, clientId);
  const before = credentialOf(await getClient(tx, clientId), credentialId);
  const old = view(before);
  const wanted = { ...old, ...withoutUndefined(change) };
  const { notBefore, expiresAt } = validityOf(wanted);
  const fresh = view({ label: wanted.label, notBefore, expiresAt });
  const changed = (Object.keys(old) as (keyof typeof old)[]).filter((key) => old[key] !== fresh[key]);
  if (changed.length === 0) return before;

  const data = { label: wanted.label, notBefore, expiresAt };
  const after = await tx.credential.update({ where: { id: credentialId }, data });
  await touchClient(tx, clientId, now);
  const changes = Object.fromEntries(changed.map((key) => [key, { from: old[key], to: fresh[key] }]));
  await appendAudit(tx, origin, {
    action: 'credential.changed',
    target: `client:${clientId}`,
    detail: { credential: credentialId, ...changes },
  });
  await appendClientEvent(tx, { type: 'credential.changed', clientId, data: { credential: credentialId, changes } });
  return after;
}

const view = ({ label, notBefore, expiresAt }: Pick<CredentialRow, 'label' | 'notBefore' | 'expiresAt'>) => ({
  label,
  not_before: toInstantOrNull(notBefore),
  expires_at: toInstantOrNull(expiresAt),
});

const withoutUndefined = ({ label, not_before, expires_at }: UpdateCredentialRequest) => ({
  ...(label !== undefined && { label }),
  ...(not_before !== undefined && { not_before }),
  ...(expires_at !== undefined && { expires_at }),
});
