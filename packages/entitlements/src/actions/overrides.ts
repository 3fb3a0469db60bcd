import type {
  FeatureType,
  FeatureValue,
  Override,
  Preview,
  SetOverrideRequest,
} from '@bastionary/contracts/entitlements';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import canonicalize from 'canonicalize';
import { customerEvent } from '../rules/customer-event.js';
import { valueFault } from '../rules/feature-value.js';
import { gainsAndLosses } from '../rules/preview.js';
import { type OverrideFacts, resolve } from '../rules/resolve.js';
import { loadCustomerFacts } from './facts.js';
import { getCustomer } from './find-customer.js';
import { getFeature, toColumn } from './find-feature.js';
import { invalidField } from './invalid-field.js';
import { type Causes, refreshEntitlements, settleEntitlements } from './refresh-entitlements.js';

type Surroundings = Pick<Causes, 'now' | 'followers'>;

/** The overrides of a customer, expired ones too, by feature. @throws AppError not_found */
export async function listOverrides(db: Reader, customerId: string): Promise<Override[]> {
  await getCustomer(db, customerId);
  const rows = await db.override.findMany({ where: { customerId }, orderBy: { feature: 'asc' } });
  return rows.map(toOverride);
}

/**
 * Gives one customer an exception that wins over every plan, until it expires or is removed. The same again changes nothing.
 * @throws AppError not_found (customer or feature), invalid_request (a value the feature cannot have, an end in the past)
 */
export async function setOverride(
  tx: Transaction,
  origin: Origin,
  customerId: string,
  feature: string,
  request: SetOverrideRequest,
  { now, followers }: Surroundings,
): Promise<Override> {
  await settleEntitlements(tx, customerId, { now, followers });
  await checkOverride(tx, feature, request, now);
  const where = { customerId_feature: { customerId, feature } };
  const before = await tx.override.findUnique({ where });
  const expiresAt = request.expires_at ? new Date(request.expires_at) : null;
  const wanted = { value: request.value, reason: request.reason, expires_at: toInstantOrNull(expiresAt) };
  const old = before === null ? null : termsOf(toOverride(before));
  if (before !== null && canonicalize(old) === canonicalize(wanted)) return toOverride(before);

  const { reason } = request;
  const row = { value: toColumn(request.value), reason, expiresAt, createdAt: now, createdBy: origin.actor };
  const after = await tx.override.upsert({ where, create: { customerId, feature, ...row }, update: row });
  const target = `customer:${customerId}`;
  const detail = { feature, from: old, to: wanted };
  await appendAudit(tx, origin, { action: 'override.set', target, detail });
  await appendEvent(tx, customerEvent('override.set', customerId, detail));
  await refreshEntitlements(tx, customerId, { cause: 'override.set', now, followers });
  return toOverride(after);
}

/** Takes an exception back. @throws AppError not_found */
export async function deleteOverride(
  tx: Transaction,
  origin: Origin,
  customerId: string,
  feature: string,
  { now, followers }: Surroundings,
): Promise<void> {
  await settleEntitlements(tx, customerId, { now, followers });
  const before = await getOverride(tx, customerId, feature);
  await tx.override.delete({ where: { customerId_feature: { customerId, feature } } });
  const detail = { feature, from: termsOf(toOverride(before)), to: null };
  await appendAudit(tx, origin, { action: 'override.deleted', target: `customer:${customerId}`, detail });
  await appendEvent(tx, customerEvent('override.deleted', customerId, detail));
  await refreshEntitlements(tx, customerId, { cause: 'override.deleted', now, followers });
}

/**
 * What setting an override, or with null removing it, would mean now. Writes nothing.
 * @throws AppError as the change itself would
 */
export async function previewOverride(
  db: Reader,
  customerId: string,
  feature: string,
  request: SetOverrideRequest | null,
  now: Date,
): Promise<Preview> {
  const facts = await loadCustomerFacts(db, customerId);
  const { name } = await getCustomer(db, customerId);
  if (request === null) await getOverride(db, customerId, feature);
  else await checkOverride(db, feature, request, now);
  const others: OverrideFacts[] = facts.overrides.filter((one) => one.feature !== feature);
  const until = request?.expires_at ? new Date(request.expires_at).getTime() : null;
  const overrides = request === null ? others : [...others, { feature, value: request.value, expiresAt: until }];
  const types = new Map(facts.features.map(({ key, type }) => [key, type]));
  const { gains, loses } = gainsAndLosses(
    (key) => types.get(key) as FeatureType,
    resolve(facts, now.getTime()).features,
    resolve({ ...facts, overrides }, now.getTime()).features,
  );
  const changes = Object.keys(gains).length + Object.keys(loses).length > 0;
  const customers = changes ? [{ customer: customerId, name, gains, loses }] : [];
  return { customers_changed: customers.length, customers };
}

async function checkOverride(db: Reader, key: string, request: SetOverrideRequest, now: Date): Promise<void> {
  const { type } = await getFeature(db, key);
  const fault = valueFault(type as FeatureType, request.value);
  if (fault !== undefined) throw invalidField('/value', fault);
  if (request.expires_at && new Date(request.expires_at) <= now) {
    throw invalidField('/expires_at', `must lie in the future; it is ${toInstant(now)} now`);
  }
}

async function getOverride(db: Reader, customerId: string, feature: string) {
  const row = await db.override.findUnique({ where: { customerId_feature: { customerId, feature } } });
  if (row === null) throw new AppError('not_found', `Customer ${customerId} has no override of ${feature}.`);
  return row;
}

type OverrideRow = Awaited<ReturnType<typeof getOverride>>;

const toOverride = (row: OverrideRow): Override => ({
  customer_id: row.customerId,
  feature: row.feature,
  value: row.value as FeatureValue,
  reason: row.reason,
  expires_at: toInstantOrNull(row.expiresAt),
  created_at: toInstant(row.createdAt),
  created_by: row.createdBy,
});

const termsOf = ({ value, reason, expires_at }: Override) => ({ value, reason, expires_at });
