import type { CustomerCoupon, GiveCouponRequest } from '@bastionary/contracts/billing-terms';
import { toInstant } from '@bastionary/contracts/text';
import { lockCustomer } from '@bastionary/entitlements/actions/facts';
import { customerEvent } from '@bastionary/entitlements/rules/customer-event';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { refuse } from '../check-features.js';
import { toCoupon } from './coupons.js';

/** The coupons that a customer has, in the order in which they are taken off. */
export async function couponsOf(db: Reader, customerId: string): Promise<CustomerCoupon[]> {
  const rows = await db.customerCoupon.findMany({
    where: { customerId, removedAt: null },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  const coupons = await db.coupon.findMany({ where: { key: { in: rows.map(({ coupon }) => coupon) } } });
  const uses = await db.couponUse.findMany({
    where: { customerCouponId: { in: rows.map(({ id }) => id) } },
    orderBy: [{ periodStart: 'asc' }, { invoiceId: 'asc' }],
  });
  return rows.flatMap((row) => {
    const found = coupons.find(({ key }) => key === row.coupon);
    if (found === undefined) return [];
    return [
      {
        id: row.id,
        coupon: toCoupon(found),
        subscription_id: row.subscriptionId,
        discounted: uses
          .filter(({ customerCouponId }) => customerCouponId === row.id)
          .map(({ invoiceId, amount }) => ({ invoice_id: invoiceId, amount: String(amount) })),
        created_at: toInstant(row.createdAt),
      },
    ];
  });
}

/**
 * Gives a customer a coupon, from the next document on. One that it has already it is not given twice.
 * @throws AppError not_found, invalid_request (a coupon that is not given any more, a subscription of another)
 */
export async function giveCoupon(
  tx: Transaction,
  origin: Origin,
  customerId: string,
  request: GiveCouponRequest,
  now: Date,
): Promise<CustomerCoupon> {
  const { coupon } = request;
  const subscriptionId = request.subscription_id ?? null;
  await lockCustomer(tx, customerId);
  const known = await tx.coupon.findUnique({ where: { key: coupon } });
  if (known === null || known.retiredAt !== null) {
    const message = known === null ? 'is no coupon; GET /api/coupons lists them' : 'is given to nobody any more';
    refuse([{ path: '/coupon', code: 'unknown_coupon', message }]);
  }
  if (subscriptionId !== null && (await tx.subscription.count({ where: { id: subscriptionId, customerId } })) === 0) {
    refuse([
      { path: '/subscription_id', code: 'unknown_subscription', message: 'is no subscription of this customer' },
    ]);
  }
  const same = await tx.customerCoupon.findFirst({ where: { customerId, coupon, subscriptionId, removedAt: null } });
  const id = same?.id ?? newId('ccp');
  if (same === null) {
    await tx.customerCoupon.create({ data: { id, customerId, coupon, subscriptionId, createdAt: now } });
    await note(tx, origin, 'coupon.applied', customerId, { coupon, subscription_id: subscriptionId });
  }
  return one(await couponsOf(tx, customerId), id);
}

/**
 * Takes a coupon back, from the next document on; a draft loses it when it is looked at again.
 * @throws AppError not_found
 */
export async function removeCoupon(
  tx: Transaction,
  origin: Origin,
  customerId: string,
  id: string,
  now: Date,
): Promise<void> {
  await lockCustomer(tx, customerId);
  const row = await tx.customerCoupon.findFirst({ where: { id, customerId, removedAt: null } });
  if (row === null) throw new AppError('not_found', `The customer has no coupon ${id}.`);
  await tx.customerCoupon.update({ where: { id }, data: { removedAt: now } });
  await note(tx, origin, 'coupon.removed', customerId, { coupon: row.coupon, subscription_id: row.subscriptionId });
}

function one(coupons: readonly CustomerCoupon[], id: string): CustomerCoupon {
  const found = coupons.find((coupon) => coupon.id === id);
  if (found === undefined) throw new Error(`the coupon ${id} is not there`);
  return found;
}

async function note(
  tx: Transaction,
  origin: Origin,
  type: 'coupon.applied' | 'coupon.removed',
  customerId: string,
  detail: { readonly coupon: string; readonly subscription_id: string | null },
): Promise<void> {
  await appendAudit(tx, origin, { action: type, target: `customer:${customerId}`, detail });
  await appendEvent(tx, customerEvent(type, customerId, detail));
}
