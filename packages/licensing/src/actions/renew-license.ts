import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import type { Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { type RenewalRefusal, renewedExpiry } from '../rules/expiry.js';
import { changeLicense } from './change-license.js';
import type { LicenseRow } from './find-license.js';
import { lockLicense } from './lock-license.js';
import { refused, refuseIssued, refuseRevoked } from './refusals.js';

const REFUSALS: Readonly<Record<RenewalRefusal, string>> = {
  no_duration: 'Its policy has no duration. Change expires_at of the licence, or give the policy a duration.',
  never_expires: 'It never expires. Change expires_at of the licence if it should.',
  not_begun: 'Its time has not begun yet: it begins with what expiration_basis of its policy says.',
};

/**
 * Extends a licence by the duration of its policy, from where renewal_basis says. Each call extends it once more.
 * @throws AppError not_found, license_conflict (revoked, or issued by a subscription), license_not_renewable
 */
export async function renewLicense(
  tx: Transaction,
  origin: Origin,
  licenseId: string,
  reason: string | undefined,
  now: Date,
): Promise<LicenseRow> {
  const { license, terms } = await lockLicense(tx, licenseId);
  refuseRevoked(license);
  refuseIssued(license, { expires_at: null });
  const expiresAt = renewedExpiry(terms, license.expiresAt, now);
  if (typeof expiresAt === 'string') {
    const message = `The licence ${licenseId} cannot be renewed. ${REFUSALS[expiresAt]}`;
    throw refused('license_not_renewable', expiresAt, message);
  }
  const detail = {
    expires_at: { from: toInstantOrNull(license.expiresAt), to: toInstant(expiresAt) },
    reason: reason ?? null,
  };
  const data = { expiresAt, expiryToldAt: null };
  return changeLicense(tx, origin, license, { action: 'license.renewed', data, detail }, now);
}
