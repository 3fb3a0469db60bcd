import { toInstantOrNull } from '@bastionary/contracts/text';
import type { Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { tellOfLicense } from './change-license.js';

/**
 * Tells once of licences that passed their expiry, so many at most. Whether they still work, their policies say.
 * @returns their ids
 */
export async function expireLicenses(tx: Transaction, origin: Origin, now: Date, limit: number): Promise<string[]> {
  const due = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM license WHERE expires_at <= ${now} AND expiry_told_at IS NULL AND revoked_at IS NULL
    ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
  const ids = due.map(({ id }) => id);
  const rows = await tx.license.updateManyAndReturn({ where: { id: { in: ids } }, data: { expiryToldAt: now } });
  for (const row of rows) {
    await tellOfLicense(tx, origin, row, 'license.expired', { expires_at: toInstantOrNull(row.expiresAt) });
  }
  return ids;
}
