import type { EventType } from '@bastionary/contracts/events';
import type { CreatePlanRequest, PlanVersionContent, UpdatePlanRequest } from '@bastionary/contracts/plans';
import { holdFeatures } from '@bastionary/entitlements/actions/facts';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { appendEvent, type OutboxEntry } from '@bastionary/platform/outbox';
import type { Json, Transaction } from '@bastionary/prisma/client';
import canonicalize from 'canonicalize';
import { contentDigest } from '../rules/content-digest.js';
import { checkFeatures } from './check-features.js';
import { checkMeters } from './check-meters.js';
import { contentOf, getPlan, lockPlan, type PlanRow, versionOf } from './plans.js';

/**
 * Creates a plan or an add-on with its version 1: a draft, or published at once.
 * @throws AppError duplicate_plan, invalid_request (a feature that does not exist, or a value of another type)
 */
export async function createPlan(
  tx: Transaction,
  origin: Origin,
  request: CreatePlanRequest,
  now: Date,
): Promise<PlanRow> {
  await holdFeatures(tx);
  await checkFeatures(tx, request.features);
  await insertPlan(tx, origin, request, now);
  return addVersion(tx, origin, request.key, request, request.publish, now);
}

/**
 * The plan without any version.
 * @throws AppError duplicate_plan
 */
export async function insertPlan(
  tx: Transaction,
  origin: Origin,
  plan: Pick<CreatePlanRequest, 'key' | 'name' | 'kind' | 'description'>,
  now: Date,
): Promise<void> {
  const { key, name, kind, description = null } = plan;
  const data = { key, name, kind, description, createdAt: now, updatedAt: now };
  const { count } = await tx.plan.createMany({ data, skipDuplicates: true });
  if (count === 0) {
    throw new AppError('duplicate_plan', `There is a plan ${key} already. A change of it is a new version.`, {
      faults: [{ path: '/key', code: 'duplicate_plan', message: 'is taken' }],
    });
  }
  await note(tx, origin, 'plan.created', key, { name, kind, description });
}

/**
 * Changes what is said about a plan. What stays the same is not written, and leaves no record.
 * @throws AppError not_found
 */
export async function updatePlan(
  tx: Transaction,
  origin: Origin,
  key: string,
  change: UpdatePlanRequest,
  now: Date,
): Promise<PlanRow> {
  const before = await lockPlan(tx, key);
  const after = {
    name: change.name ?? before.name,
    description: change.description === undefined ? before.description : change.description,
  };
  const fields = (['name', 'description'] as const).filter((field) => before[field] !== after[field]);
  if (fields.length === 0) return before;
  await tx.plan.update({ where: { key }, data: { ...after, updatedAt: now } });
  const changes = Object.fromEntries(fields.map((field) => [field, { from: before[field], to: after[field] }]));
  await appendAudit(tx, origin, { action: 'plan.updated', target: `plan:${key}`, detail: changes });
  await appendEvent(tx, planEvent('plan.updated', key, { changes }));
  return getPlan(tx, key);
}

/**
 * Adds the next version of a plan. Nobody is on it: existing subscriptions stay where they are until they are migrated.
 * @throws AppError not_found, invalid_request
 */
export async function addVersion(
  tx: Transaction,
  origin: Origin,
  key: string,
  content: PlanVersionContent,
  publish: boolean,
  now: Date,
): Promise<PlanRow> {
  const plan = await lockPlan(tx, key);
  await checkFeatures(tx, content.features);
  if (publish) await checkMeters(tx, content.prices);
  const version = (plan.versions[0]?.version ?? 0) + 1;
  await tx.planVersion.create({ data: versionRow(key, version, content, publish, now) });
  const { features, prices, trial_days } = content;
  const detail = { version, features, prices, trial_days, published: publish };
  await note(tx, origin, 'plan_version.created', key, detail);
  if (publish) await appendEvent(tx, planEvent('plan_version.published', key, { version }));
  return getPlan(tx, key);
}

/**
 * Replaces what a draft grants and costs.
 * @param ifDigest of the content the caller has seen (`contentDigest`); undefined if it does not care
 * @throws AppError not_found, plan_version_published, version_mismatch, invalid_request
 */
export async function editDraft(
  tx: Transaction,
  origin: Origin,
  key: string,
  version: number,
  content: PlanVersionContent,
  ifDigest?: string,
): Promise<PlanRow> {
  const plan = await lockPlan(tx, key);
  const row = versionOf(plan, version);
  if (row.status !== 'draft') {
    const message = `Version ${version} of plan ${key} is ${row.status} and never changes. Add a new version.`;
    throw new AppError('plan_version_published', message);
  }
  const before = contentOf(row);
  if (ifDigest !== undefined && ifDigest !== contentDigest(before)) {
    const message = 'Somebody changed this draft since you read it. Read it again and repeat the change.';
    throw new AppError('version_mismatch', message);
  }
  await checkFeatures(tx, content.features);
  const { features, prices, trial_days } = content;
  const after = { features, prices, trial_days };
  if (canonicalize(before) === canonicalize(after)) return plan;
  const where = { planKey_version: { planKey: key, version } };
  await tx.planVersion.update({ where, data: contentColumns(content) });
  await note(tx, origin, 'plan_version.updated', key, { version, from: before, to: after });
  return getPlan(tx, key);
}

/**
 * Publishes a draft: from now on it never changes, and it is what the plan's key means if it is the newest.
 * Publishing what is published is done already.
 * @throws AppError not_found, plan_version_published (it is retired), invalid_request (a feature is gone since, a meter is not there)
 */
export async function publishVersion(
  tx: Transaction,
  origin: Origin,
  key: string,
  version: number,
  now: Date,
): Promise<PlanRow> {
  const plan = await lockPlan(tx, key);
  const row = versionOf(plan, version);
  if (row.status === 'published') return plan;
  if (row.status === 'retired') {
    throw new AppError(
      'plan_version_published',
      `Version ${version} of plan ${key} is retired for good. Add a new one.`,
    );
  }
  await checkFeatures(tx, contentOf(row).features);
  await checkMeters(tx, contentOf(row).prices);
  const where = { planKey_version: { planKey: key, version } };
  await tx.planVersion.update({ where, data: { status: 'published', publishedAt: now } });
  await note(tx, origin, 'plan_version.published', key, { version });
  return getPlan(tx, key);
}

/**
 * Retires a version: it takes no new subscription; those on it stay as they are. A draft is given up by it.
 * @throws AppError not_found
 */
export async function retireVersion(
  tx: Transaction,
  origin: Origin,
  key: string,
  version: number,
  now: Date,
): Promise<PlanRow> {
  const plan = await lockPlan(tx, key);
  const row = versionOf(plan, version);
  if (row.status === 'retired') return plan;
  const where = { planKey_version: { planKey: key, version } };
  await tx.planVersion.update({ where, data: { status: 'retired', retiredAt: now } });
  await note(tx, origin, 'plan_version.retired', key, { version, was: row.status });
  return getPlan(tx, key);
}

async function note(
  tx: Transaction,
  origin: Origin,
  action: EventType,
  key: string,
  detail: Record<string, unknown>,
): Promise<void> {
  await appendAudit(tx, origin, { action, target: `plan:${key}`, detail });
  await appendEvent(tx, planEvent(action, key, detail));
}

const planEvent = (type: EventType, key: string, data: Record<string, unknown>): OutboxEntry => ({
  type,
  key: `plan:${key}`,
  data: { plan: key, ...data },
});

const contentColumns = ({ features, prices, trial_days }: PlanVersionContent) => ({
  features: features as Json as Record<string, never>,
  prices: prices as Json as never[],
  trialDays: trial_days,
});

const versionRow = (planKey: string, version: number, content: PlanVersionContent, publish: boolean, now: Date) => ({
  planKey,
  version,
  status: publish ? 'published' : 'draft',
  ...contentColumns(content),
  createdAt: now,
  publishedAt: publish ? now : null,
});
