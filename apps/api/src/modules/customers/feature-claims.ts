import { claimOfPlans } from '@bastionary/billing/actions/feature-claim';
import type { FeatureClaim } from '@bastionary/entitlements/actions/change-features';

const scopes: FeatureClaim = async (tx, key) => {
  const user = await tx.scope.findFirst({ where: { feature: key }, orderBy: { name: 'asc' }, select: { name: true } });
  return user === null ? null : `the scope ${user.name}`;
};

/** Who refers to features besides customers. */
export const FEATURE_CLAIMS = [claimOfPlans, scopes];
