import type { BillingProfile, UpdateBillingProfileRequest } from '@bastionary/contracts/billing-terms';
import { toInstantOrNull } from '@bastionary/contracts/text';
import { lockCustomer, noSuchCustomer } from '@bastionary/entitlements/actions/facts';
import { customerEvent } from '@bastionary/entitlements/rules/customer-event';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { refuse } from '../check-features.js';
import { couponsOf } from './customer-coupons.js';

/** As every customer is billed that nothing else is said of. */
const DEFAULTS = {
  taxStatus: 'taxable',
  taxRate: null,
  proration: 'second',
  netDays: null,
  collection: 'automatic',
  address: [] as string[],
  updatedAt: null,
  version: 0,
};

/**
 * How a customer is billed, and the version of that for an ETag.
 * @throws AppError not_found
 */
export async function getBillingProfile(
  db: Reader,
  customerId: string,
): Promise<{ view: BillingProfile; version: number }> {
  const customer = await db.customer.findUnique({ where: { id: customerId }, select: { currency: true } });
  if (customer === null) throw noSuchCustomer(customerId);
  const row = (await db.billingProfile.findUnique({ where: { customerId } })) ?? DEFAULTS;
  const view: BillingProfile = {
    customer_id: customerId,
    currency: customer.currency,
    tax_status: row.taxStatus as BillingProfile['tax_status'],
    tax_rate: row.taxRate,
    proration: row.proration as BillingProfile['proration'],
    net_days: row.netDays,
    collection: row.collection as BillingProfile['collection'],
    address: row.address,
    coupons: await couponsOf(db, customerId),
    updated_at: toInstantOrNull(row.updatedAt),
  };
  return { view, version: row.version };
}

/**
 * Changes how a customer is billed, from the next document on; drafts follow when they are looked at again.
 * @param ifVersion the version the caller has seen; undefined if it does not care
 * @throws AppError not_found, version_mismatch, invalid_request (a rate that is not in force)
 */
export async function updateBillingProfile(
  tx: Transaction,
  origin: Origin,
  customerId: string,
  request: UpdateBillingProfileRequest,
  ifVersion: number | undefined,
  now: Date,
): Promise<{ view: BillingProfile; version: number }> {
  await lockCustomer(tx, customerId);
  const { view: before, version } = await getBillingProfile(tx, customerId);
  if (ifVersion !== undefined && ifVersion !== version) {
    throw new AppError('version_mismatch', 'Somebody changed this billing profile since you read it. Read it again.');
  }
  if (request.tax_rate != null) {
    const rate = await tx.taxRate.findUnique({ where: { key: request.tax_rate } });
    if (rate === null || rate.retiredAt !== null) {
      const message = 'is no tax rate in force; GET /api/tax-rates lists them';
      refuse([{ path: '/tax_rate', code: 'unknown_tax_rate', message }]);
    }
  }
  const after = { ...before, ...request };
  const fields = (Object.keys(request) as (keyof typeof request)[]).filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  );
  if (fields.length === 0) return { view: before, version };
  const data = {
    taxStatus: after.tax_status,
    taxRate: after.tax_rate,
    proration: after.proration,
    netDays: after.net_days,
    collection: after.collection,
    address: after.address,
    updatedAt: now,
  };
  await tx.billingProfile.upsert({
    where: { customerId },
    create: { customerId, ...data },
    update: { ...data, version: { increment: 1 } },
  });
  const detail = Object.fromEntries(fields.map((field) => [field, { from: before[field], to: after[field] }]));
  await appendAudit(tx, origin, { action: 'billing_profile.updated', target: `customer:${customerId}`, detail });
  await appendEvent(tx, customerEvent('billing_profile.updated', customerId, { changes: detail }));
  return getBillingProfile(tx, customerId);
}
