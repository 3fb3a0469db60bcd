import { toInstant } from '@bastionary/contracts/text';
import type { Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { changeLicense } from './change-license.js';
import type { LicenseRow } from './find-license.js';
import { lockLicense } from './lock-license.js';
import { listAsRevoked } from './revocation-list.js';

/**
 * Ends a licence for ever: its key is unknown from now on, and stands in the revocation list for whoever has no network.
 * Its machines, processes and tokens are gone with it. Again changes nothing.
 * @throws AppError not_found
 */
export async function revokeLicense(
  tx: Transaction,
  origin: Origin,
  licenseId: string,
  reason: string | undefined,
  now: Date,
): Promise<LicenseRow> {
  const { license } = await lockLicense(tx, licenseId);
  if (license.revokedAt !== null) return license;
  const mine = { where: { licenseId } };
  await tx.machineProcess.deleteMany(mine);
  await tx.machineComponent.deleteMany(mine);
  const { count: machines } = await tx.machine.deleteMany(mine);
  await tx.licenseToken.deleteMany(mine);
  const sequence = await listAsRevoked(tx, license, 'revoked', now);
  const detail = { revoked_at: toInstant(now), reason: reason ?? null, sequence, machines };
  const data = { revokedAt: now };
  return changeLicense(tx, origin, license, { action: 'license.revoked', data, detail }, now);
}
