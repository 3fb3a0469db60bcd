import type { FeatureClaim } from '@bastionary/entitlements/actions/change-features';

const plans: FeatureClaim = async (tx, key) => {
  const [user] = await tx.$queryRaw<{ what: string }[]>`
    SELECT plan_key || '@' || version AS what FROM plan_version
    WHERE jsonb_exists(features, ${key}) AND status <> 'retired' ORDER BY plan_key, version LIMIT 1`;
  return user === undefined ? null : `the plan ${user.what}`;
};

const scopes: FeatureClaim = async (tx, key) => {
  const user = await tx.scope.findFirst({ where: { feature: key }, orderBy: { name: 'asc' }, select: { name: true } });
  return user === null ? null : `the scope ${user.name}`;
};

/** Who refers to features besides customers. */
export const FEATURE_CLAIMS = [plans, scopes];
