import type { CreateFeatureRequest, Feature, UpdateFeatureRequest } from '@bastionary/contracts/entitlements';
import type { EventType } from '@bastionary/contracts/events';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { appendEvent, type OutboxEntry } from '@bastionary/platform/outbox';
import type { Transaction } from '@bastionary/prisma/client';
import { combinesOf, emptyValue, valueFault } from '../rules/feature-value.js';
import { differences } from './differences.js';
import { lockFeatures } from './facts.js';
import { type FeatureRow, getFeature, toColumn, toFeature } from './find-feature.js';
import { invalidField } from './invalid-field.js';
import { type Causes, refreshEverybody, settleEverybody } from './refresh-entitlements.js';

type Surroundings = Pick<Causes, 'now' | 'followers'>;

/**
 * Adds a feature; every customer has it at once, with its default.
 * @param most features there may be
 * @throws AppError duplicate_feature, invalid_request (a combine rule or default that does not fit, too many features)
 */
export async function createFeature(
  tx: Transaction,
  origin: Origin,
  request: CreateFeatureRequest,
  most: number,
  { now, followers }: Surroundings,
): Promise<FeatureRow> {
  const { key, type } = request;
  const combine = request.combine ?? combinesOf(type)[0];
  if (combine === undefined || !combinesOf(type).includes(combine)) {
    throw invalidField('/combine', `must be ${combinesOf(type).join(' or ')} for a ${type}`);
  }
  const value = request.default === undefined ? emptyValue(type) : request.default;
  checkDefault(type, value);
  await lockFeatures(tx);
  if ((await tx.feature.count({ where: { key } })) > 0) {
    throw new AppError(
      'duplicate_feature',
      `There is a feature ${key} already. PATCH /api/features/${key} changes it.`,
      {
        faults: [{ path: '/key', code: 'duplicate_feature', message: 'is taken' }],
      },
    );
  }
  if ((await tx.feature.count()) >= most) {
    throw invalidField(
      '/key',
      `would be one feature too many: FEATURES_MAX allows ${most}. Delete one that nobody uses`,
    );
  }
  const { name, description = null } = request;
  await settleEverybody(tx, { now, followers });
  const made = await tx.feature.create({
    data: { key, name, type, combine, defaultValue: toColumn(value), description, createdAt: now, updatedAt: now },
  });
  const { key: _, created_at, updated_at, ...detail } = toFeature(made);
  await appendAudit(tx, origin, { action: 'feature.created', target: `feature:${key}`, detail });
  await appendEvent(tx, featureEvent('feature.created', key, detail));
  await refreshEverybody(tx, { cause: 'feature.created', now, followers });
  return made;
}

/**
 * Changes a feature. A new default reaches every customer who has nothing else, in this transaction. What stays the same
 * is not written, and leaves no record.
 * @param ifVersion the version the caller has seen; undefined if it does not care
 * @throws AppError not_found, version_mismatch, invalid_request (a default that does not fit)
 */
export async function updateFeature(
  tx: Transaction,
  origin: Origin,
  key: string,
  change: UpdateFeatureRequest,
  ifVersion: number | undefined,
  { now, followers }: Surroundings,
): Promise<FeatureRow> {
  await lockFeatures(tx);
  const before = await getFeature(tx, key);
  if (ifVersion !== undefined && ifVersion !== before.version) {
    const message = 'Somebody changed this feature since you read it. Read it again and repeat the change.';
    throw new AppError('version_mismatch', message);
  }
  const old = toFeature(before);
  const wanted: Feature = { ...old, ...change };
  checkDefault(old.type, wanted.default);
  const changes = differences(old, wanted);
  if (Object.keys(changes).length === 0) return before;

  if (changes.default !== undefined) await settleEverybody(tx, { now, followers });
  const { name, description } = wanted;
  const changed = await tx.feature.update({
    where: { key },
    data: { name, description, defaultValue: toColumn(wanted.default), updatedAt: now, version: { increment: 1 } },
  });
  await appendAudit(tx, origin, { action: 'feature.updated', target: `feature:${key}`, detail: changes });
  await appendEvent(tx, featureEvent('feature.updated', key, { changes }));
  if (changes.default !== undefined) await refreshEverybody(tx, { cause: 'feature.updated', now, followers });
  return changed;
}

/** Says what uses a feature, for example `plan pro@2`; null if nothing does. A room that refers to features has one. */
export type FeatureClaim = (tx: Transaction, key: string, now: Date) => Promise<string | null>;

/**
 * Removes a feature that nobody uses; it is gone from every snapshot, and stays in their history.
 * @throws AppError not_found, feature_in_use
 */
export async function deleteFeature(
  tx: Transaction,
  origin: Origin,
  key: string,
  claims: readonly FeatureClaim[],
  { now, followers }: Surroundings,
): Promise<void> {
  await lockFeatures(tx);
  const { name } = await getFeature(tx, key);
  for (const claim of [claimOfCustomers, ...claims]) {
    const user = await claim(tx, key, now);
    if (user === null) continue;
    throw new AppError('feature_in_use', `The feature ${key} is used by ${user}. Remove it there first.`);
  }
  await settleEverybody(tx, { now, followers });
  await tx.override.deleteMany({ where: { feature: key } });
  await tx.feature.delete({ where: { key } });
  await appendAudit(tx, origin, { action: 'feature.deleted', target: `feature:${key}`, detail: { name } });
  await appendEvent(tx, featureEvent('feature.deleted', key, { name }));
  await refreshEverybody(tx, { cause: 'feature.deleted', now, followers });
}

const claimOfCustomers: FeatureClaim = async (tx, key, now) => {
  const [user] = await tx.$queryRaw<{ what: string }[]>`
    SELECT 'the override of ' || customer_id AS what FROM entitlement_override
      WHERE feature = ${key} AND (expires_at IS NULL OR expires_at > ${now})
    UNION ALL SELECT plan || ' of ' || customer_id FROM entitlement_grant
      WHERE jsonb_exists(features, ${key}) AND (until IS NULL OR until > ${now})
    UNION ALL SELECT 'the reservation ' || id FROM quota_reservation
      WHERE feature = ${key} AND state IN ('reserved', 'committed')
    LIMIT 1`;
  return user?.what ?? null;
};

const featureEvent = (type: EventType, key: string, data: Record<string, unknown>): OutboxEntry => ({
  type,
  key: `feature:${key}`,
  data: { feature: key, ...data },
});

function checkDefault(type: Feature['type'], value: unknown): void {
  const fault = valueFault(type, value);
  if (fault !== undefined) throw invalidField('/default', fault);
}
