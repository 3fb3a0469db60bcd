import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import type { Transaction } from '@bastionary/prisma/client';
import { digestToken, newToken } from './session-token.js';

/** The first operator, who owns the installation. There is one from the first run on; e-mail and password come with the first sign-in. */
export async function ensureOwner(tx: Transaction, now: Date): Promise<{ id: string; hasPassword: boolean }> {
  const owner = await tx.operator.findFirst({
    where: { role: 'owner', status: 'active' },
    orderBy: { createdAt: 'asc' },
  });
  if (owner !== null) return { id: owner.id, hasPassword: owner.passwordHash !== null };
  const id = newId('opr');
  await tx.operator.create({
    data: { id, email: null, name: 'Owner', role: 'owner', passwordHash: null, createdAt: now },
  });
  return { id, hasPassword: false };
}

/** Makes a link that signs an operator in once; earlier ones that were not used stop working. Returns its secret part. */
export async function createSignInLink(
  tx: Transaction,
  origin: Origin,
  operatorId: string,
  ttlSeconds: number,
  now: Date,
): Promise<string> {
  const token = newToken();
  await tx.signInLink.deleteMany({ where: { operatorId, usedAt: null } });
  await tx.signInLink.create({
    data: {
      digest: digestToken(token),
      operatorId,
      createdAt: now,
      expiresAt: new Date(now.getTime() + ttlSeconds * 1_000),
    },
  });
  await appendAudit(tx, origin, { action: 'operator.link_created', target: `operator:${operatorId}` });
  return token;
}

/** Whether a link made earlier would still work. */
export async function isUsableLink(tx: Transaction, token: string, now: Date): Promise<boolean> {
  return (
    (await tx.signInLink.count({ where: { digest: digestToken(token), usedAt: null, expiresAt: { gt: now } } })) > 0
  );
}

/**
 * Uses a link up. Returns whose it is.
 * @throws AppError invalid_sign_in if it never was, was used, or is too old: the three look alike
 */
export async function redeemLink(
  tx: Transaction,
  origin: (operatorId: string) => Origin,
  token: string,
  now: Date,
): Promise<string> {
  const digest = digestToken(token);
  const [used] = await tx.signInLink.updateManyAndReturn({
    where: { digest, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  if (used === undefined) {
    throw new AppError(
      'invalid_sign_in',
      'This link does not work: it was used or has expired. `npm run sign-in-link` on the server makes a new one.',
    );
  }
  await appendAudit(tx, origin(used.operatorId), {
    action: 'operator.link_used',
    target: `operator:${used.operatorId}`,
  });
  return used.operatorId;
}
