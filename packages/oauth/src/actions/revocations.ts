import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { announce } from '@bastionary/platform/changes';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import type { AccessTokenClaims } from '../rules/access-token.js';
import { appendClientEvent } from './append-client-event.js';

/** Revokes one access token. A second time changes nothing and leaves no second record. Returns whether it was alive until now. */
export async function revokeToken(
  tx: Transaction,
  origin: Origin,
  claims: AccessTokenClaims,
  now: Date,
): Promise<boolean> {
  const { jti, client_id: clientId, exp } = claims;
  const inserted = await tx.revokedToken.createMany({
    data: { jti, clientId, revokedAt: now, expiresAt: new Date(exp * 1_000) },
    skipDuplicates: true,
  });
  if (inserted.count === 0) return false;
  await announce(tx, { kind: 'revoked', jti, expiresAt: exp * 1_000 });
  await appendAudit(tx, origin, {
    action: 'token.revoked',
    target: `client:${clientId}`,
    detail: { jti, scope: claims.scope },
  });
  await appendClientEvent(tx, { type: 'token.revoked', clientId, data: { jti } });
  return true;
}

/** Every revocation that still matters. */
export async function loadRevocations(db: Reader, now: Date): Promise<{ jti: string; expiresAt: Date }[]> {
  return db.revokedToken.findMany({ where: { expiresAt: { gt: now } }, select: { jti: true, expiresAt: true } });
}

export async function findRevocation(db: Reader, jti: string): Promise<{ revokedAt: Date } | null> {
  return db.revokedToken.findUnique({ where: { jti }, select: { revokedAt: true } });
}

/** Removes revocations of tokens that have expired by themselves. Returns how many. */
export async function purgeRevocations(tx: Transaction, now: Date): Promise<number> {
  const { count } = await tx.revokedToken.deleteMany({ where: { expiresAt: { lt: now } } });
  return count;
}
