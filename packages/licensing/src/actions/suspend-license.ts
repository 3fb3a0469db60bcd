import type { Suspension } from '@bastionary/contracts/licenses';
import type { Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { heartbeatSeconds } from '../rules/heartbeat.js';
import { changeLicense } from './change-license.js';
import type { LicenseRow } from './find-license.js';
import { lockLicense } from './lock-license.js';
import { refused, refuseRevoked } from './refusals.js';

/** Who suspends or reinstates a licence, and why. */
export interface Suspending {
  readonly by: Suspension;
  readonly reason?: string | undefined;
  readonly now: Date;
}

/**
 * Suspends a licence: it is valid no more, and keeps its seats. Again for the same reason changes nothing.
 * @throws AppError not_found, license_conflict (revoked)
 */
export async function suspendLicense(
  tx: Transaction,
  origin: Origin,
  licenseId: string,
  { by, reason, now }: Suspending,
): Promise<LicenseRow> {
  const { license } = await lockLicense(tx, licenseId);
  refuseRevoked(license);
  if (license.suspensions.includes(by)) return license;
  const suspensions = [...license.suspensions, by];
  const data = { suspensions, suspendedAt: license.suspendedAt ?? now };
  const detail = { by, reason: reason ?? null, suspensions };
  return changeLicense(tx, origin, license, { action: 'license.suspended', data, detail }, now);
}

/**
 * Takes a suspension back, whoever gave it being the same; the licence works again once none is left. Machines that lived
 * when it was suspended have a whole period for their next heartbeat. One that is not suspended stays as it is.
 * @throws AppError not_found, license_conflict (revoked, or suspended for other reasons only)
 */
export async function reinstateLicense(
  tx: Transaction,
  origin: Origin,
  licenseId: string,
  { by, reason, now }: Suspending,
): Promise<LicenseRow> {
  const { license, terms, at } = await lockLicense(tx, licenseId);
  refuseRevoked(license);
  if (license.suspensions.length === 0) return license;
  if (!license.suspensions.includes(by)) {
    const others = license.suspensions.join(' and ');
    const message = `The licence ${licenseId} is suspended because of ${others}, and works again once that is put right.`;
    throw refused('license_conflict', 'license_suspended', message);
  }
  const suspensions = license.suspensions.filter((one) => one !== by);
  if (suspensions.length === 0) {
    await tx.machine.updateMany({
      where: { licenseId, diesAt: { gte: license.suspendedAt ?? at } },
      data: { diesAt: new Date(at.getTime() + heartbeatSeconds(terms) * 1_000), deadAt: null },
    });
  }
  const data = { suspensions, ...(suspensions.length === 0 && { suspendedAt: null }) };
  const detail = { by, reason: reason ?? null, suspensions };
  return changeLicense(tx, origin, license, { action: 'license.reinstated', data, detail }, now);
}
