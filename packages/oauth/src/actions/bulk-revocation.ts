import type { RevocationKind, RevocationRequest } from '@bastionary/contracts/revocations';
import { AppError } from '@bastionary/platform/app-error';
import type { Origin } from '@bastionary/platform/audit';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { countLiveTokens } from './live-tokens.js';
import { heldFor, raiseNotBefore } from './not-before.js';

/** How far the clock of whoever asks may be ahead of ours. */
const AHEAD_MAX_MS = 60_000;

export interface BulkRevocation {
  readonly hits: bigint;
  readonly notBefore: Date;
}

/**
 * Kills every token issued before an instant, by what it belongs to.
 * @throws AppError not_found, invalid_request (an instant in the future)
 */
export async function revokeBefore(
  tx: Transaction,
  origin: Origin,
  request: RevocationRequest,
  now: Date,
): Promise<BulkRevocation> {
  const { by, id = '', at } = await checked(tx, request, now);
  const { hits, notBefore } = await raiseNotBefore(tx, origin, by, id, at, now);
  return { hits: hits ?? 0n, notBefore };
}

/**
 * What `revokeBefore` would do; changes nothing.
 * @throws AppError not_found, invalid_request (an instant in the future)
 */
export async function previewRevocation(db: Reader, request: RevocationRequest, now: Date): Promise<BulkRevocation> {
  const { by, id = '', at } = await checked(db, request, now);
  return { hits: await countLiveTokens(db, by, id, at, now), notBefore: await heldFor(db, by, id, at) };
}

async function checked(db: Reader, { by, id, before }: RevocationRequest, now: Date) {
  const at = before === undefined ? now : new Date(before);
  if (at.getTime() > now.getTime() + AHEAD_MAX_MS) {
    const message = `lies in the future, seen from here, where it is ${now.toISOString()}; leave it out for now`;
    throw new AppError('invalid_request', `before ${message}.`, {
      faults: [{ path: '/before', code: 'in_the_future', message }],
    });
  }
  if (id !== undefined && !(await exists(db, by, id))) {
    throw new AppError('not_found', `There is no ${by.replace('_', ' ')} ${id}; nothing was revoked.`);
  }
  return { by, id, at };
}

async function exists(db: Reader, by: RevocationKind, id: string): Promise<boolean> {
  if (by === 'client') return (await db.client.count({ where: { clientId: id, status: { not: 'deleted' } } })) > 0;
  if (by === 'resource') return (await db.resource.count({ where: { identifier: id } })) > 0;
  if (by === 'signing_key') return (await db.signingKey.count({ where: { kid: id } })) > 0;
  if (by === 'installation') return true;
  // A deleted credential leaves tokens behind, and that is when they are to be revoked.
  const where = { credentialId: id };
  return (
    (await db.credential.count({ where: { id } })) > 0 ||
    (await db.liveTokens.count({ where })) > 0 ||
    (await db.issuanceBatch.count({ where })) > 0 ||
    (await db.refreshFamily.count({ where })) > 0
  );
}
