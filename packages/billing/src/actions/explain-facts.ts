import type { FeatureValue } from '@bastionary/contracts/entitlements';
import type { Reader } from '@bastionary/prisma/client';
import type { ExplainedSubscription, FeaturesOf } from '../rules/explain-subscription.js';
import { planVersionName } from '../rules/plan-reference.js';
import { listSubscriptions } from './find-subscription.js';
import { toContract } from './subscription-rows.js';

// The newest ones: a customer with more has a history, not a question.
const SUBSCRIPTIONS_MAX = 50;

export interface ExplainedPlans {
  /** Published, and the newest of their plan. */
  readonly current: readonly string[];
  readonly featuresOf: FeaturesOf;
}

/** The subscriptions of a customer, the newest first. */
export async function loadExplainedSubscriptions(
  db: Reader,
  customerId: string,
  now: Date,
): Promise<ExplainedSubscription[]> {
  const filter = { limit: SUBSCRIPTIONS_MAX, after: undefined, plan: undefined, state: undefined };
  const rows = await listSubscriptions(db, { ...filter, customerId, now });
  return rows.map((row) => ({
    id: row.id,
    createdAt: row.createdAt,
    settledAt: row.settledAt,
    contract: toContract(row),
  }));
}

/** What every plan version gives. */
export async function loadExplainedPlans(db: Reader): Promise<ExplainedPlans> {
  const versions = await db.planVersion.findMany({
    select: { planKey: true, version: true, status: true, features: true },
    orderBy: [{ planKey: 'asc' }, { version: 'desc' }],
  });
  const features = new Map(
    versions.map((row) => [planVersionName(row.planKey, row.version), row.features as Record<string, FeatureValue>]),
  );
  const newest = new Map(
    versions
      .filter(({ status }) => status === 'published')
      .toReversed()
      .map((row) => [row.planKey, row.version]),
  );
  return {
    current: [...newest].map(([key, version]) => planVersionName(key, version)).sort(),
    featuresOf: (plan) => features.get(plan) ?? {},
  };
}
