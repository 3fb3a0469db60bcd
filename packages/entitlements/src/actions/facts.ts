import type { CustomerStatus } from '@bastionary/contracts/customers';
import type { Combine, FeatureType, FeatureValue } from '@bastionary/contracts/entitlements';
import { AppError } from '@bastionary/platform/app-error';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import type { CustomerFacts } from '../rules/resolve.js';

const FEATURES_LOCK = 7_310_442_019n;

export const noSuchCustomer = (customerId: string): AppError =>
  new AppError('not_found', `There is no customer ${customerId}.`);

/**
 * Waits for everybody who resolves by the features as they are, and lets nobody begin until the end of `tx`.
 * Always before the lock of a customer, never after.
 */
export async function lockFeatures(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${FEATURES_LOCK})`;
}

/** The features stay as they are until the end of `tx`. Always before the lock of a customer or a plan, never after. */
export async function holdFeatures(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(${FEATURES_LOCK})`;
}

/**
 * Waits for other changes of these customers, so that each snapshot sees what the one before left; and for a change of
 * features under way.
 * @throws AppError not_found
 */
export async function lockCustomers(tx: Transaction, customerIds: readonly string[]): Promise<void> {
  await holdFeatures(tx);
  // In one order everywhere: two that lock the same customers must not wait for each other.
  const found = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM customer WHERE id = ANY(${[...customerIds]}::text[]) ORDER BY id FOR UPDATE`;
  const known = new Set(found.map(({ id }) => id));
  const missing = customerIds.find((id) => !known.has(id));
  if (missing !== undefined) throw noSuchCustomer(missing);
}

/** @throws AppError not_found */
export const lockCustomer = (tx: Transaction, customerId: string): Promise<void> => lockCustomers(tx, [customerId]);

/**
 * All that decides what a customer may do.
 * @throws AppError not_found
 */
export async function loadCustomerFacts(db: Reader, customerId: string): Promise<CustomerFacts> {
  const [facts] = await loadFacts(db, [customerId]);
  if (facts === undefined) throw noSuchCustomer(customerId);
  return facts;
}

/** The same for many; who does not exist is left out. */
export async function loadFacts(db: Reader, customerIds: readonly string[]): Promise<CustomerFacts[]> {
  const among = { in: [...customerIds] };
  const customers = await db.customer.findMany({ where: { id: among }, select: { id: true, status: true } });
  const features = (await db.feature.findMany({ orderBy: { key: 'asc' } })).map((feature) => ({
    key: feature.key,
    type: feature.type as FeatureType,
    combine: feature.combine as Combine,
    defaultValue: feature.defaultValue as FeatureValue,
  }));
  const grants = await db.grant.findMany({ where: { customerId: among } });
  const overrides = await db.override.findMany({ where: { customerId: among } });
  const grantsOf = Map.groupBy(grants, ({ customerId }) => customerId);
  const overridesOf = Map.groupBy(overrides, ({ customerId }) => customerId);
  return customers.map(({ id, status }) => ({
    id,
    status: status as CustomerStatus,
    features,
    grants: (grantsOf.get(id) ?? []).map((grant) => ({
      id: grant.id,
      source: grant.source,
      kind: grant.kind as 'plan' | 'add_on',
      plan: grant.plan,
      quantity: grant.quantity,
      features: grant.features as Record<string, FeatureValue>,
      from: grant.from.getTime(),
      until: grant.until?.getTime() ?? null,
    })),
    overrides: (overridesOf.get(id) ?? []).map(({ feature, value, expiresAt }) => ({
      feature,
      value: value as FeatureValue,
      expiresAt: expiresAt?.getTime() ?? null,
    })),
  }));
}
