import type { Reader } from '@bastionary/prisma/client';
import { statusOf } from '../rules/license-status.js';
import { termsUnder } from './find-policy.js';
import { suspendedAmong, toFacts } from './license-facts.js';

/** How it stands with the licence of a customer, as others may look at it. */
export interface LicenseStanding {
  readonly told: {
    readonly status: string;
    readonly id: string;
    readonly policy: string;
    readonly expires_at: number | null;
  };
  /** When time alone changes it, in milliseconds; Infinity: never. */
  readonly validUntil: number;
}

const SOON = 3 * 86_400_000;

/** The licence a customer got last of those that are not revoked; null: none. `expires_at` is in Unix seconds. */
export async function toLicenseStanding(db: Reader, customerId: string, now: Date): Promise<LicenseStanding | null> {
  const row = await db.license.findFirst({
    where: { customerId, revokedAt: null },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  if (row === null) return null;
  const policy = await db.licensePolicy.findUniqueOrThrow({ where: { id: row.policyId } });
  const suspended = await suspendedAmong(db, [customerId]);
  const status = statusOf(toFacts(row, termsUnder(policy, row), suspended.has(customerId)), now);
  const expiry = row.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
  const next = [expiry - SOON, expiry].find((at) => at > now.getTime()) ?? Number.POSITIVE_INFINITY;
  const expiresAt = row.expiresAt === null ? null : Math.floor(expiry / 1_000);
  return { told: { status, id: row.id, policy: row.policyId, expires_at: expiresAt }, validUntil: next };
}
