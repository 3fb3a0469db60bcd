import { lockFeatures } from '@bastionary/entitlements/actions/facts';
import type { Reader, Transaction } from '@bastionary/prisma/client';

/**
 * Waits until every change of a customer under way is committed: those have not seen the policy as it will be. Before any
 * other lock.
 */
export const awaitChanges = (tx: Transaction): Promise<void> => lockFeatures(tx);

/** What a policy begins with that issues for a plan from now on: nobody who holds it has been looked at. */
export const issuing = (plan: string | null): { issuedUpTo: string | null } => ({
  issuedUpTo: plan === null ? null : '',
});

/** Customers who hold the plan of a policy and are to be looked at next, by id. */
export interface Holders {
  readonly policyId: string;
  readonly customerIds: readonly string[];
  /** Marks them as done; unless the policy was changed meanwhile, so that it begins anew. */
  done(tx: Transaction): Promise<void>;
}

/** Those of one policy that has not reached everybody since its plan was set; null if there is none. */
export async function nextHolders(db: Reader, limit: number): Promise<Holders | null> {
  const policy = await db.licensePolicy.findFirst({
    where: { issuedUpTo: { not: null }, plan: { not: null } },
    orderBy: { updatedAt: 'asc' },
  });
  if (policy === null) return null;
  const { id: policyId, version, plan, issuedUpTo } = policy;
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT customer_id AS id FROM entitlement_grant
    WHERE customer_id > ${issuedUpTo} AND split_part(plan, '@', 1) = ${plan}
    ORDER BY customer_id LIMIT ${limit}`;
  const customerIds = rows.map(({ id }) => id);
  const last = rows.length < limit ? null : (customerIds.at(-1) ?? null);
  return {
    policyId,
    customerIds,
    async done(tx) {
      await tx.licensePolicy.updateMany({ where: { id: policyId, version, issuedUpTo }, data: { issuedUpTo: last } });
    },
  };
}
