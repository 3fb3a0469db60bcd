import type { CustomerStatus } from '@bastionary/contracts/customers';
import type { Combine, FeatureType, FeatureValue } from '@bastionary/contracts/entitlements';
import { AppError } from '@bastionary/platform/app-error';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import type { CustomerFacts } from '../rules/resolve.js';

/** Waits for other changes of this customer, so that each snapshot sees what the one before left. @throws AppError not_found */
export async function lockCustomer(tx: Transaction, customerId: string): Promise<void> {
  const found = await tx.$executeRaw`SELECT 1 FROM customer WHERE id = ${customerId} FOR UPDATE`;
  if (found === 0) throw new AppError('not_found', `There is no customer ${customerId}.`);
}

/**
 * All that decides what a customer may do.
 * @throws AppError not_found
 */
export async function loadCustomerFacts(db: Reader, customerId: string): Promise<CustomerFacts> {
  const [customer, features, grants, overrides] = await Promise.all([
    db.customer.findUnique({ where: { id: customerId }, select: { status: true } }),
    db.feature.findMany({ orderBy: { key: 'asc' } }),
    db.grant.findMany({ where: { customerId } }),
    db.override.findMany({ where: { customerId } }),
  ]);
  if (customer === null) throw new AppError('not_found', `There is no customer ${customerId}.`);
  return {
    id: customerId,
    status: customer.status as CustomerStatus,
    features: features.map(({ key, type, combine, defaultValue }) => ({
      key,
      type: type as FeatureType,
      combine: combine as Combine,
      defaultValue: defaultValue as FeatureValue,
    })),
    grants: grants.map(({ id, kind, plan, quantity, features: given, from, until }) => ({
      id,
      kind: kind as 'plan' | 'add_on',
      plan,
      quantity,
      features: given as Record<string, FeatureValue>,
      from: from.getTime(),
      until: until?.getTime() ?? null,
    })),
    overrides: overrides.map(({ feature, value, expiresAt }) => ({
      feature,
      value: value as FeatureValue,
      expiresAt: expiresAt?.getTime() ?? null,
    })),
  };
}
