import type { PolicyTerms } from '@bastionary/contracts/license-policies';
import type { Transaction } from '@bastionary/prisma/client';
import { getLicense, type LicenseRow } from './find-license.js';
import { getPolicy, type PolicyRow, termsUnder } from './find-policy.js';
import { noSuchLicense } from './refusals.js';

/** A licence that nobody else changes until the end of the transaction. */
export interface LockedLicense {
  readonly license: LicenseRow;
  readonly policy: PolicyRow;
  readonly terms: PolicyTerms;
  /** The database's clock under the lock: the one that counts for seats and heartbeats. */
  readonly at: Date;
}

/**
 * Waits for others at this licence: its row is what seats, uses and every change of it wait for.
 * @throws AppError not_found
 */
export async function lockLicense(tx: Transaction, id: string): Promise<LockedLicense> {
  // The clock is read only once the row is ours.
  const [locked] = await tx.$queryRaw<{ at: Date }[]>`
    WITH mine AS MATERIALIZED (SELECT id FROM license WHERE id = ${id} FOR UPDATE)
    SELECT date_trunc('milliseconds', clock_timestamp()) AS at FROM mine`;
  if (locked === undefined) throw noSuchLicense(id);
  const license = await getLicense(tx, id);
  const policy = await getPolicy(tx, license.policyId);
  return { license, policy, terms: termsUnder(policy, license), at: locked.at };
}
