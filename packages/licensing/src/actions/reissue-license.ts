import type { Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { type Around, changeLicense } from './change-license.js';
import type { LicenseRow } from './find-license.js';
import { makeKey, sealedKey } from './license-key.js';
import { lockLicense } from './lock-license.js';
import { refuseRevoked } from './refusals.js';
import { listAsRevoked } from './revocation-list.js';

/**
 * Gives a licence whose key leaked a new one; machines, uses and all else stay. The old key is unknown from now on and
 * stands in the revocation list; tokens made with it are gone.
 * @throws AppError not_found, license_conflict (revoked)
 */
export async function reissueLicense(
  tx: Transaction,
  origin: Origin,
  licenseId: string,
  reason: string | undefined,
  { now, encryptionKeys, signing }: Around,
): Promise<LicenseRow> {
  const { license, policy } = await lockLicense(tx, licenseId);
  refuseRevoked(license);
  const key = makeKey(signing, policy, license, now);
  await tx.licenseToken.deleteMany({ where: { licenseId } });
  const sequence = await listAsRevoked(tx, license, 'reissued', now);
  const data = sealedKey(encryptionKeys, licenseId, key);
  const detail = { key_hint: data.keyHint, sequence, reason: reason ?? null };
  return changeLicense(tx, origin, license, { action: 'license.reissued', data, detail }, now);
}
