import type { LicenseScheme } from '@bastionary/contracts/license-policies';
import type { UpdateLicenseRequest } from '@bastionary/contracts/licenses';
import { toInstantOrNull } from '@bastionary/contracts/text';
import { differences } from '@bastionary/entitlements/actions/differences';
import type { Origin } from '@bastionary/platform/audit';
import type { Json, Transaction } from '@bastionary/prisma/client';
import { transferredExpiry } from '../rules/expiry.js';
import { transferFaults } from '../rules/policy-change.js';
import { limitFaults } from '../rules/policy-faults.js';
import { changeLicense } from './change-license.js';
import type { LicenseRow } from './find-license.js';
import { getPolicy, type PolicyRow, termsOf } from './find-policy.js';
import { limitsOf } from './license-facts.js';
import { overridesIn, replaceEntitlements, replaceUsers } from './license-parts.js';
import { lockLicense } from './lock-license.js';
import { checkVersion, refuseFaults, refuseIssued, refuseRevoked } from './refusals.js';

/**
 * Changes a licence, or transfers it to another policy. What is over a limit that got lower stays, and shows at validation.
 * What stays the same is not written, and leaves no record.
 * @param ifVersion the version the caller has seen; undefined if it does not care
 * @throws AppError not_found (licence or policy), version_mismatch, license_conflict (revoked, or for a subscription to decide), invalid_request
 */
export async function updateLicense(
  tx: Transaction,
  origin: Origin,
  licenseId: string,
  change: UpdateLicenseRequest,
  ifVersion: number | undefined,
  now: Date,
): Promise<LicenseRow> {
  const { license, policy, terms } = await lockLicense(tx, licenseId);
  checkVersion('licence', ifVersion, license.version);
  refuseRevoked(license);
  refuseIssued(license, change);
  const to = change.policy === undefined ? policy : await getPolicy(tx, change.policy);
  const isTransfer = to.id !== policy.id;
  refuseFaults(isTransfer ? transferFaults(toPolicyFacts(policy), toPolicyFacts(to)) : []);
  const limits = { ...limitsOf(license), ...overridesIn(change) };
  refuseFaults(limitFaults(termsOf(to), limits));
  const kept = isTransfer ? transferredExpiry(terms, termsOf(to), license.expiresAt, now) : license.expiresAt;
  const wanted = {
    policy: to.id,
    name: change.name === undefined ? license.name : change.name,
    expires_at: change.expires_at === undefined ? toInstantOrNull(kept) : inUtc(change.expires_at),
    limits,
    metadata: change.metadata ?? license.metadata,
    ...(change.entitlements && { entitlements: change.entitlements }),
    ...(change.users && { users: change.users.map((email) => email.toLowerCase()) }),
  };
  const changes = differences(await asItIs(tx, license, wanted), wanted);
  if (Object.keys(changes).length === 0) return license;

  if (change.entitlements) await replaceEntitlements(tx, licenseId, change.entitlements, now);
  if (change.users) await replaceUsers(tx, licenseId, change.users, now);
  const expiresAt = wanted.expires_at === null ? null : new Date(wanted.expires_at);
  const data = {
    policyId: to.id,
    name: wanted.name,
    expiresAt,
    ...('expires_at' in changes && { expiryToldAt: null }),
    limits,
    metadata: wanted.metadata as Json,
  };
  return changeLicense(tx, origin, license, { action: 'license.updated', data, detail: { changes } }, now);
}

const toPolicyFacts = (row: PolicyRow) => ({
  productId: row.productId,
  scheme: row.scheme as LicenseScheme | null,
  terms: termsOf(row),
});

const inUtc = (instant: string | null): string | null => (instant === null ? null : toInstantOrNull(new Date(instant)));

/** The same members as they are now. Parts that nobody asked to change are not read. */
async function asItIs(tx: Transaction, license: LicenseRow, wanted: object): Promise<Record<string, unknown>> {
  const own = { where: { licenseId: license.id } };
  const entitlements =
    'entitlements' in wanted
      ? (await tx.licenseEntitlement.findMany({ ...own, orderBy: { code: 'asc' } })).map((row) => ({
          code: row.code,
          value: row.value,
          expires_at: toInstantOrNull(row.expiresAt),
        }))
      : undefined;
  const users =
    'users' in wanted
      ? (await tx.licenseUser.findMany({ ...own, orderBy: { id: 'asc' } })).map((row) => row.email)
      : undefined;
  return {
    policy: license.policyId,
    name: license.name,
    expires_at: toInstantOrNull(license.expiresAt),
    limits: license.limits,
    metadata: license.metadata,
    ...(entitlements && { entitlements }),
    ...(users && { users }),
  };
}
