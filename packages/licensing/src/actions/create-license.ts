import type { CreateLicenseRequest } from '@bastionary/contracts/licenses';
import { toInstantOrNull } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import type { Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import { type Json, type Transaction } from '@bastionary/prisma/client';
import { expiryAfter } from '../rules/expiry.js';
import { limitFaults } from '../rules/policy-faults.js';
import { type Around, tellOfLicense } from './change-license.js';
import { digestOf, getLicense, type LicenseRow } from './find-license.js';
import { getPolicy, termsOf } from './find-policy.js';
import { makeKey, sealedKey } from './license-key.js';
import { overridesIn, replaceEntitlements, replaceUsers } from './license-parts.js';
import { invalidField, refuseFaults } from './refusals.js';

/**
 * Issues a licence.
 * @param source the subscription that issues it, if one does
 * @throws AppError not_found (policy or customer), invalid_request, duplicate_license_key
 */
export async function createLicense(
  tx: Transaction,
  origin: Origin,
  request: CreateLicenseRequest,
  around: Around,
  source?: { readonly subscription: string; readonly plan: string },
): Promise<LicenseRow> {
  const { now, encryptionKeys } = around;
  const policy = await getPolicy(tx, request.policy);
  const terms = termsOf(policy);
  const customerId = request.customer_id ?? null;
  if (customerId !== null && (await tx.customer.count({ where: { id: customerId } })) === 0) {
    throw new AppError('not_found', `There is no customer ${customerId}. GET /api/customers lists them.`);
  }
  if (request.key !== undefined && policy.scheme !== null) {
    throw invalidField('/key', `cannot be chosen under a policy whose keys are signed (${policy.scheme})`);
  }
  const limits = overridesIn(request);
  refuseFaults(limitFaults(terms, limits));
  const id = newId('lic');
  const expiresAt = given(request.expires_at) ?? expiryAfter('creation', terms, null, now);
  const expiry = request.expires_at === null ? null : expiresAt;
  const license = { id, createdAt: now, expiresAt: expiry, customerId };
  const key = request.key ?? makeKey(around.signing, policy, license, now);
  const { count } = await tx.license.createMany({
    data: {
      ...license,
      ...sealedKey(encryptionKeys, id, key),
      policyId: policy.id,
      name: request.name ?? null,
      limits,
      metadata: (request.metadata ?? {}) as Json,
      source: source?.subscription ?? null,
      sourcePlan: source?.plan ?? null,
      updatedAt: now,
    },
    skipDuplicates: true,
  });
  if (count === 0) throw takenKey();
  // A key that was given up may be in wrong hands, and is on the revocation list.
  if (request.key !== undefined && (await tx.licenseRevocation.count({ where: { keyDigest: digestOf(key) } })) > 0) {
    throw takenKey();
  }
  await replaceEntitlements(tx, id, request.entitlements ?? [], now);
  await replaceUsers(tx, id, request.users ?? [], now);
  await tellOfLicense(tx, origin, license, 'license.created', {
    policy: policy.id,
    name: request.name ?? null,
    expires_at: toInstantOrNull(expiry),
    limits,
    entitlements: request.entitlements ?? [],
    users: request.users ?? [],
    source: source ?? null,
    metadata: request.metadata ?? {},
  });
  return getLicense(tx, id);
}

const given = (instant: string | null | undefined): Date | null => (instant ? new Date(instant) : null);

const takenKey = (): AppError =>
  new AppError('duplicate_license_key', 'Another licence has, or had, this key. Choose another, or let one be made.', {
    faults: [{ path: '/key', code: 'duplicate_license_key', message: 'is taken' }],
  });
