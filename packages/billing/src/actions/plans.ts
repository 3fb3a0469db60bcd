import type { FeatureValue } from '@bastionary/contracts/entitlements';
import type { Plan, PlanVersion, PlanVersionStatus, Price } from '@bastionary/contracts/plans';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { holdFeatures } from '@bastionary/entitlements/actions/facts';
import { AppError } from '@bastionary/platform/app-error';
import type { Reader, Transaction } from '@bastionary/prisma/client';

/**
 * The plan and its versions, the newest first.
 * @throws AppError not_found
 */
export async function getPlan(db: Reader, key: string) {
  const plan = await db.plan.findUnique({ where: { key }, include: { versions: { orderBy: { version: 'desc' } } } });
  if (plan === null) throw noSuchPlan(key);
  return plan;
}

export type PlanRow = Awaited<ReturnType<typeof getPlan>>;
export type PlanVersionRow = PlanRow['versions'][number];

/** Every plan and add-on, by key. */
export const listPlans = (db: Reader): Promise<PlanRow[]> =>
  db.plan.findMany({ orderBy: { key: 'asc' }, include: { versions: { orderBy: { version: 'desc' } } } });

/** Waits for other changes of this plan, and keeps the features that it names. @throws AppError not_found */
export async function lockPlan(tx: Transaction, key: string): Promise<PlanRow> {
  await holdFeatures(tx);
  await tx.$executeRaw`SELECT 1 FROM plan WHERE key = ${key} FOR UPDATE`;
  return getPlan(tx, key);
}

/** @throws AppError not_found */
export function versionOf(plan: PlanRow, version: number): PlanVersionRow {
  const row = plan.versions.find((one) => one.version === version);
  if (row === undefined) throw new AppError('not_found', `Plan ${plan.key} has no version ${version}.`);
  return row;
}

/** The version that the plan's key alone means. */
export const currentVersion = ({ versions }: PlanRow): PlanVersionRow | undefined =>
  versions.find(({ status }) => status === 'published');

/** What a version grants and costs, as it is stored. */
export const contentOf = ({
  features,
  prices,
  trialDays,
}: Pick<PlanVersionRow, 'features' | 'prices' | 'trialDays'>) => ({
  features: features as Record<string, FeatureValue>,
  prices: prices as Price[],
  trial_days: trialDays,
});

/** Live subscriptions on each version of these plans, by `key@version`. */
export async function liveSubscriptions(db: Reader, keys: readonly string[], now: Date): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<{ plan: string; count: number }[]>`
    SELECT item.plan_key || '@' || item.plan_version AS plan, count(*)::int AS count
    FROM subscription_item item JOIN subscription ON subscription.id = item.subscription_id
    WHERE item.plan_key = ANY(${[...keys]}::text[]) AND (canceled_at IS NULL OR canceled_at > ${now})
      AND (cancel_at IS NULL OR cancel_at > ${now})
    GROUP BY 1`;
  return new Map(rows.map(({ plan, count }) => [plan, count]));
}

/** A plan as it stands in answers. @param live of `liveSubscriptions` */
export function toPlan(row: PlanRow, live: ReadonlyMap<string, number>): Plan {
  return {
    key: row.key,
    name: row.name,
    kind: row.kind as Plan['kind'],
    description: row.description,
    created_at: toInstant(row.createdAt),
    updated_at: toInstant(row.updatedAt),
    current_version: currentVersion(row)?.version ?? null,
    versions: row.versions.map((version) => toPlanVersion(version, live)),
  };
}

/** A version as it stands in answers. @param live of `liveSubscriptions` */
export function toPlanVersion(row: PlanVersionRow, live: ReadonlyMap<string, number>): PlanVersion {
  return {
    version: row.version,
    status: row.status as PlanVersionStatus,
    ...contentOf(row),
    created_at: toInstant(row.createdAt),
    published_at: toInstantOrNull(row.publishedAt),
    retired_at: toInstantOrNull(row.retiredAt),
    subscriptions: live.get(`${row.planKey}@${row.version}`) ?? 0,
  };
}

const noSuchPlan = (key: string): AppError => new AppError('not_found', `There is no plan ${key}.`);
