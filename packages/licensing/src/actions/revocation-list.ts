import type { RevocationList } from '@bastionary/contracts/license-keys';
import { toInstant } from '@bastionary/contracts/text';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import type { LicenseRow } from './find-license.js';

/**
 * Puts the key of a licence onto the revocation list.
 * @returns the sequence number of the list that has it. They grow in the order of the commits: the account's row is the lock
 */
export async function listAsRevoked(
  tx: Transaction,
  license: Pick<LicenseRow, 'id' | 'keyDigest'>,
  reason: 'revoked' | 'reissued',
  now: Date,
): Promise<number> {
  const { sequence } = await tx.licenseAccount.update({
    where: { id: 'default' },
    data: { sequence: { increment: 1 } },
    select: { sequence: true },
  });
  await tx.licenseRevocation.create({
    data: { sequence, licenseId: license.id, keyDigest: license.keyDigest, reason, at: now },
  });
  return Number(sequence);
}

/** The number of the newest list. */
export async function newestSequence(db: Reader): Promise<number> {
  const { sequence } = await db.licenseAccount.findUniqueOrThrow({ where: { id: 'default' } });
  return Number(sequence);
}

/** The newest list, not signed yet. @param lastsSeconds when there will be a next one at the latest */
export async function newestRevocations(db: Reader, now: Date, lastsSeconds: number): Promise<RevocationList> {
  // The sequence first: an entry that comes meanwhile is in a list with a lower number, never missing from its own.
  const { account, sequence } = await db.licenseAccount.findUniqueOrThrow({ where: { id: 'default' } });
  const rows = await db.licenseRevocation.findMany({
    where: { sequence: { lte: sequence } },
    orderBy: { sequence: 'asc' },
  });
  return {
    account,
    sequence: Number(sequence),
    issued_at: toInstant(now),
    next_update: toInstant(new Date(now.getTime() + lastsSeconds * 1_000)),
    revoked: rows.map(({ licenseId, keyDigest, reason, at }) => ({
      license: licenseId,
      key_digest: Buffer.from(keyDigest).toString('base64url'),
      reason: reason as 'revoked' | 'reissued',
      at: toInstant(at),
    })),
  };
}
