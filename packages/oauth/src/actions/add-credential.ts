import type { AddCredentialRequest } from '@bastionary/contracts/credentials';
import { toInstantOrNull } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { announce } from '@bastionary/platform/changes';
import type { Transaction } from '@bastionary/prisma/client';
import { readJwk } from '../rules/jwk-set.js';
import { appendClientEvent } from './append-client-event.js';
import { type CredentialRow, checkKeyIsNew, checkSecretIsNew, publicKeyRow, refused } from './credential-rows.js';
import { newSecret } from './credentials.js';
import { type ClientRow, getClient } from './find-client.js';
import type { Peppers } from './peppers.js';
import { lockClient } from './update-client.js';

export interface AddedCredential {
  readonly row: CredentialRow;
  /** To be shown once; null for a key. */
  readonly secret: string | null;
}

export interface CredentialTerms {
  readonly peppers: Peppers;
  /** How many credentials a client may have. */
  readonly perClientMax: number;
}

/**
 * Gives a client one more way to prove itself; the others stay.
 * @throws AppError not_found, invalid_request (the key or secret is unusable or there already, the times make no sense,
 * or the client has too many)
 */
export async function addCredential(
  tx: Transaction,
  origin: Origin,
  clientId: string,
  request: AddCredentialRequest,
  { peppers, perClientMax }: CredentialTerms,
  now: Date,
): Promise<AddedCredential> {
  await lockClient(tx, clientId);
  const client = await getClient(tx, clientId);
  checkRoom(client, perClientMax);
  const validity = validityOf(request);
  if (validity.expiresAt !== null && validity.expiresAt <= now) {
    throw refused('/expires_at', 'in_the_past', 'has passed; a credential that is over proves nothing');
  }
  const { row, secret } =
    request.kind === 'secret'
      ? await secretOf(client, request.secret, peppers, now)
      : { row: keyOf(client, request.jwk, now), secret: null };
  const data = { ...row, ...validity, label: request.label ?? null, clientId };
  const created = await tx.credential.create({ data });
  await touchClient(tx, clientId, now);
  await appendAudit(tx, origin, {
    action: 'credential.added',
    target: `client:${clientId}`,
    detail: {
      credential: created.id,
      kind: created.kind,
      label: created.label,
      hint: created.hint,
      not_before: toInstantOrNull(created.notBefore),
      expires_at: toInstantOrNull(created.expiresAt),
    },
  });
  await appendClientEvent(tx, {
    type: 'credential.added',
    clientId,
    data: {
      credential: created.id,
      kind: created.kind,
      label: created.label,
      not_before: toInstantOrNull(created.notBefore),
      expires_at: toInstantOrNull(created.expiresAt),
    },
  });
  return { row: created, secret };
}

/** Notes on the client that its credentials have changed, and tells every process. */
export async function touchClient(tx: Transaction, clientId: string, now: Date): Promise<void> {
  await tx.client.update({ where: { clientId }, data: { updatedAt: now, version: { increment: 1 } } });
  await announce(tx, { kind: 'client', clientId });
}

/** @throws AppError invalid_request */
export function checkRoom({ credentials }: ClientRow, perClientMax: number): void {
  if (credentials.length < perClientMax) return;
  const message = `The client has ${credentials.length} credentials, and may have ${perClientMax}. Delete one first.`;
  throw new AppError('invalid_request', message, { faults: [{ path: '', code: 'too_many_credentials', message }] });
}

/** @throws AppError invalid_request if it would end before it begins */
export function validityOf(request: { not_before?: string | null; expires_at?: string | null }) {
  const notBefore = request.not_before ? new Date(request.not_before) : null;
  const expiresAt = request.expires_at ? new Date(request.expires_at) : null;
  if (notBefore !== null && expiresAt !== null && expiresAt <= notBefore) {
    throw refused('/expires_at', 'before_not_before', 'must be later than not_before');
  }
  return { notBefore, expiresAt };
}

async function secretOf(client: ClientRow, chosen: string | undefined, peppers: Peppers, now: Date) {
  if (chosen !== undefined) await checkSecretIsNew(client.credentials, chosen, peppers);
  return newSecret(chosen, peppers, now);
}

function keyOf(client: ClientRow, jwk: unknown, now: Date) {
  if (client.credentials.some(({ kind }) => kind === 'jwks_uri')) {
    // RFC 7591 §2: jwks and jwks_uri exclude each other.
    throw refused('/kind', 'jwks_uri_in_use', 'of this client come from its jwks_uri; publish the key there');
  }
  const read = readJwk(jwk, '/jwk');
  if (!read.ok) throw new AppError('invalid_request', 'The key is not usable.', { faults: read.faults });
  checkKeyIsNew(client.credentials, read.key);
  return publicKeyRow(read.key, read.publicJwk, now);
}
