import type { Transaction } from '@bastionary/prisma/client';
import type { LicenseRow } from './find-license.js';
import { lockLicense } from './lock-license.js';
import { refused, refuseRevoked } from './refusals.js';

/**
 * A licence says that it is still there, by the clock of the database.
 * @throws AppError not_found, license_conflict (revoked, or its policy asks for no check-ins)
 */
export async function checkIn(tx: Transaction, licenseId: string): Promise<LicenseRow> {
  const { license, terms, at } = await lockLicense(tx, licenseId);
  refuseRevoked(license);
  if (!terms.require_check_in) {
    const message = `The policy of the licence ${licenseId} asks for no check-ins.`;
    throw refused('license_conflict', 'check_in_not_required', message);
  }
  return tx.license.update({ where: { id: licenseId }, data: { lastCheckInAt: at } });
}
