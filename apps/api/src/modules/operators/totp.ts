import { AppError } from '@bastionary/platform/app-error';
import type { KeyEncryptionKeys } from '@bastionary/platform/seal';
import { openTotpSecret, sealTotpSecret } from '@bastionary/platform/totp-secrets';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { generateSecret, generateURI, verifySync } from 'otplib';

const PERIOD_SECONDS = 30;
// NIST SP 800-63B §3.2.2: no more than 100 consecutive failures per account.
const FAILURES_MAX = 100;

/**
 * The time step a code belongs to: this one, the one before or the one after (RFC 6238 §5.2 and §6). Undefined if to none.
 * @param at seconds since 1970
 */
function stepOf(secret: string, code: string, at: number): number | undefined {
  const result = verifySync({ secret, token: code, epoch: at, epochTolerance: PERIOD_SECONDS });
  return result.valid ? Math.floor(at / PERIOD_SECONDS) + result.delta : undefined;
}

/**
 * Makes a secret for an authenticator app. It counts once a first code has confirmed it; until then each new one replaces
 * the one before.
 * @throws AppError second_factor_exists if one is confirmed
 */
export async function beginTotp(
  tx: Transaction,
  keys: KeyEncryptionKeys,
  operator: { id: string; label: string; issuer: string },
  now: Date,
): Promise<{ secret: string; uri: string }> {
  const { id: operatorId, label, issuer } = operator;
  const secret = generateSecret();
  const fresh = { sealed: sealTotpSecret(keys, operatorId, secret), createdAt: now, lastStep: 0, failures: 0 };
  const current = await tx.operatorTotp.findUnique({ where: { operatorId } });
  if (current !== null && current.confirmedAt !== null) throw exists();
  await tx.operatorTotp.upsert({ where: { operatorId }, create: { operatorId, ...fresh }, update: fresh });
  return { secret, uri: generateURI({ issuer, label, secret }) };
}

/** @throws AppError second_factor_exists; invalid_request if none was begun, or the code is not its */
export async function confirmTotp(
  tx: Transaction,
  keys: KeyEncryptionKeys,
  operatorId: string,
  code: string,
  now: Date,
): Promise<void> {
  const row = await tx.operatorTotp.findUnique({ where: { operatorId } });
  if (row === null) throw new AppError('invalid_request', 'Begin with POST /api/session/totp.');
  if (row.confirmedAt !== null) throw exists();
  const lastStep = stepOf(openTotpSecret(keys, operatorId, row.sealed), code, now.getTime() / 1_000);
  if (lastStep === undefined) {
    throw new AppError('invalid_request', 'This is not the code that the app should show now. Is its clock right?', {
      faults: [{ path: '/code', code: 'wrong_code', message: 'is not the code of this moment' }],
    });
  }
  await tx.operatorTotp.update({ where: { operatorId }, data: { confirmedAt: now, lastStep } });
}

/** Uses a code up. Whether it was right, and new: of the same code twice at once, one is. */
export async function useTotpCode(
  tx: Transaction,
  keys: KeyEncryptionKeys,
  operatorId: string,
  code: string,
  now: Date,
): Promise<boolean> {
  const row = await tx.operatorTotp.findUnique({ where: { operatorId } });
  if (row === null || row.confirmedAt === null) return false;
  const step = stepOf(openTotpSecret(keys, operatorId, row.sealed), code, now.getTime() / 1_000);
  if (step === undefined) return false;
  const { count } = await tx.operatorTotp.updateMany({
    where: { operatorId, lastStep: { lt: step }, failures: { lt: FAILURES_MAX } },
    data: { lastStep: step, failures: 0 },
  });
  return count === 1;
}

/** Counts a wrong code. After 100 in a row no code is right any more; whoever may removes the app and enrols it anew. */
export async function noteWrongCode(db: Reader, operatorId: string): Promise<void> {
  await db.operatorTotp.updateMany({ where: { operatorId }, data: { failures: { increment: 1 } } });
}

const exists = (): AppError =>
  new AppError('second_factor_exists', 'An authenticator app is enrolled already. Remove it first.');
