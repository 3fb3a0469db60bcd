import type { FeatureClaim } from '@bastionary/entitlements/actions/change-features';

/** A feature that any plan version names stays, also for those retired: they say what was sold. */
export const claimOfPlans: FeatureClaim = async (tx, key) => {
  const [user] = await tx.$queryRaw<{ what: string }[]>`
    SELECT 'the plan ' || plan_key || '@' || version AS what FROM plan_version WHERE jsonb_exists(features, ${key})
    ORDER BY plan_key, version LIMIT 1`;
  return user?.what ?? null;
};
