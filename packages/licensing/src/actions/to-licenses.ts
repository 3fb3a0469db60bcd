import type { License, LicenseStatus, Suspension } from '@bastionary/contracts/licenses';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import type { KeyEncryptionKeys } from '@bastionary/platform/seal';
import type { Reader } from '@bastionary/prisma/client';
import { nextCheckInBy } from '../rules/check-in.js';
import { graceEndOf } from '../rules/expiry.js';
import type { Entitlement } from '../rules/license-entitlements.js';
import { statusOf } from '../rules/license-status.js';
import { effectiveLimits } from '../rules/limits.js';
import { keyOf, type LicenseRow, type StoredLicense } from './find-license.js';
import { type KnownPolicy, type PolicyRow, termsFor, toKnownPolicy } from './find-policy.js';
import { licenseEntitlements } from './license-entitlements.js';
import { limitsOf, seatsTaken, suspendedAmong, toFacts } from './license-facts.js';

/** What an answer tells of a licence besides its row. */
interface Around {
  readonly key: string;
  readonly policy: KnownPolicy;
  readonly isOwnerSuspended: boolean;
  readonly users: readonly { readonly id: string; readonly email: string }[];
  /** How many seats are taken. */
  readonly machines: number;
  readonly entitlements: readonly Entitlement[];
}

/** Licences as they stand in answers, keys included, in the order given. */
export async function toLicenses(
  db: Reader,
  rows: readonly LicenseRow[],
  { now, encryptionKeys }: { readonly now: Date; readonly encryptionKeys: KeyEncryptionKeys },
): Promise<License[]> {
  const ids = rows.map(({ id }) => id);
  const policies = await db.licensePolicy.findMany({ where: { id: { in: rows.map(({ policyId }) => policyId) } } });
  const users = await db.licenseUser.findMany({ where: { licenseId: { in: ids } }, orderBy: { id: 'asc' } });
  const suspended = await suspendedAmong(
    db,
    rows.map(({ customerId }) => customerId),
  );
  const seats = await seatsTaken(db, ids);
  const entitlements = await licenseEntitlements(db, rows, now);
  return rows.map((row) => {
    const around = {
      key: keyOf(encryptionKeys, row),
      policy: toKnownPolicy(policies.find(({ id }) => id === row.policyId) as PolicyRow),
      isOwnerSuspended: row.customerId !== null && suspended.has(row.customerId),
      users: users.filter(({ licenseId }) => licenseId === row.id),
      machines: seats.get(row.id) ?? 0,
      entitlements: entitlements.get(row.id) ?? [],
    };
    return toLicense(row, around, now);
  });
}

/** A licence as it stands in answers. */
export function toLicense(row: StoredLicense, around: Around, now: Date): License {
  const { key, policy, isOwnerSuspended, users, machines, entitlements } = around;
  const terms = termsFor(policy, row);
  return {
    id: row.id,
    key,
    name: row.name,
    policy: row.policyId,
    product: policy.product,
    customer_id: row.customerId,
    scheme: policy.scheme,
    status: statusOf(toFacts(row, terms, isOwnerSuspended), now) as LicenseStatus,
    suspensions: row.suspensions as Suspension[],
    ...effectiveLimits(terms, limitsOf(row)),
    overrides: Object.keys(limitsOf(row)).sort(),
    machines,
    uses: Number(row.uses),
    users: users.map(({ id, email }) => ({ id, email })),
    entitlements: entitlements.map(({ code, value, expiresAt, from }) => ({
      code,
      value,
      expires_at: toInstantOrNull(expiresAt),
      from,
    })),
    source: row.source === null || row.sourcePlan === null ? null : { subscription: row.source, plan: row.sourcePlan },
    expires_at: toInstantOrNull(row.expiresAt),
    grace_ends_at: toInstantOrNull(graceEndOf(terms, row.expiresAt)),
    last_validated_at: toInstantOrNull(row.lastValidatedAt),
    last_check_in_at: toInstantOrNull(row.lastCheckInAt),
    last_check_out_at: toInstantOrNull(row.lastCheckOutAt),
    next_check_in_by: toInstantOrNull(nextCheckInBy(terms, row)),
    revoked_at: toInstantOrNull(row.revokedAt),
    metadata: row.metadata as License['metadata'],
    created_at: toInstant(row.createdAt),
    updated_at: toInstant(row.updatedAt),
  };
}
