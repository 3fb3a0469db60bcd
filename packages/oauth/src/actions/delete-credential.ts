import { toInstant } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { credentialName } from '../rules/credential-name.js';
import { sinceOrUntil } from '../rules/duration.js';
import { isUsable } from '../rules/usable-credential.js';
import { touchClient } from './add-credential.js';
import { appendClientEvent } from './append-client-event.js';
import type { CredentialRow } from './credential-rows.js';
import { type UseRecord, usesOf } from './credential-uses.js';
import { getClient } from './find-client.js';
import { credentialOf } from './find-credential.js';
import { lockClient } from './update-client.js';

const IN_USE_MS = 3_600_000;

/**
 * Deletes a credential. It stops at once; tokens got with it live on until they expire or are revoked.
 * @param force also if it was used within the last hour
 * @throws AppError not_found, credential_in_use
 */
export async function deleteCredential(
  tx: Transaction,
  origin: Origin,
  clientId: string,
  credentialId: string,
  force: boolean,
  now: Date,
): Promise<void> {
  await lockClient(tx, clientId);
  const client = await getClient(tx, clientId);
  const credential = credentialOf(client, credentialId);
  const use = (await usesOf(tx, [credentialId], now)).get(credentialId);
  const isInUse = use !== undefined && now.getTime() - use.lastAt.getTime() < IN_USE_MS;
  if (isInUse && !force) throw inUse(clientId, credential, use, now);

  const usable = client.credentials.filter((one) => isUsable(one, client.authMethod, now.getTime()));
  await tx.credential.delete({ where: { id: credentialId } });
  await touchClient(tx, clientId, now);
  await appendAudit(tx, origin, {
    action: 'credential.deleted',
    target: `client:${clientId}`,
    detail: {
      credential: credentialId,
      kind: credential.kind,
      label: credential.label,
      hint: credential.hint,
      ...(isInUse && {
        forced: true,
        last_used_at: toInstant(use.lastAt),
        last_used_address: use.lastAddress,
        uses_last_hour: String(use.lastHour),
      }),
      ...(usable.length === 1 &&
        usable[0]?.id === credentialId && {
          warning: 'The client has no usable credential left: it gets no token until one is added.',
        }),
    },
  });
  const { kind, label } = credential;
  await appendClientEvent(tx, {
    type: 'credential.deleted',
    clientId,
    data: { credential: credentialId, kind, label },
  });
}

function inUse(clientId: string, credential: CredentialRow, use: UseRecord, now: Date): AppError {
  const ago = sinceOrUntil(use.lastAt.getTime(), now.getTime());
  return new AppError(
    'credential_in_use',
    `The credential ${credentialName(credential)} was used ${ago} (${toInstant(use.lastAt)}) from ${use.lastAddress} by the client ${clientId}. ` +
      'Give that user another credential first, or repeat with ?force=true.',
  );
}
