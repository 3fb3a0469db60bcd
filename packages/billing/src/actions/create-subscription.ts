import type { CreateSubscriptionRequest } from '@bastionary/contracts/plans';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import type { Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import type { Transaction } from '@bastionary/prisma/client';
import { billingInterval } from '../rules/billing-interval.js';
import { itemsAfter } from '../rules/items.js';
import { trialEnd } from '../rules/periods.js';
import type { Contract } from '../rules/settle.js';
import { refuse } from './check-features.js';
import { getSubscription, type SubscriptionRow } from './find-subscription.js';
import { giveCoupon } from './invoicing/customer-coupons.js';
import { noteSubscription } from './note-subscription.js';
import { choosePlans, type WantedPlan } from './plan-choice.js';
import { factColumns } from './subscription-rows.js';
import { openCustomer, type Surroundings, writeSubscription } from './write-subscription.js';

/**
 * Puts a customer on a plan, from now, an instant past or one to come, with a coupon if one is named. Its time zone is
 * frozen with it; the first paid day is the anchor of its periods.
 * @returns the subscription, and when it takes effect
 * @throws AppError invalid_request (a customer, plan or coupon that does not exist, a version that is not published)
 */
export async function createSubscription(
  tx: Transaction,
  origin: Origin,
  request: CreateSubscriptionRequest,
  surroundings: Surroundings,
): Promise<{ row: SubscriptionRow; effective: Date }> {
  const customerId = request.customer_id;
  const customer = await tx.customer.findUnique({ where: { id: customerId } });
  if (customer === null) {
    refuse([{ path: '/customer_id', code: 'unknown_customer', message: 'is no customer of this installation' }]);
    throw new Error('unreachable');
  }
  const around = await openCustomer(tx, customerId, surroundings);
  const [plan, ...addOns] = await choosePlans(tx, wantedOf(request), new Set());
  if (plan === undefined) throw new Error('no plan was chosen');
  const { now } = around;
  const { timeZone, currency } = customer;
  const start = request.start === undefined ? now : new Date(request.start);
  const days = request.trial_days ?? plan.trialDays;
  const end = days === 0 ? null : trialEnd(start, days, timeZone);
  const terms = {
    plan: plan.name,
    quantity: request.quantity,
    addOns: addOns.map(({ name }, index) => ({ plan: name, quantity: request.add_ons[index]?.quantity ?? 1 })),
  };
  const contract: Contract = {
    facts: {
      start,
      trialEnd: end,
      cancelAt: null,
      canceledAt: null,
      pausedFrom: null,
      pausedUntil: null,
      pastDueSince: null,
      graceSeconds: 0,
      suspendedAt: null,
      refundedAt: null,
    },
    cycle: { anchor: end ?? start, timeZone, interval: billingInterval(plan.prices, currency) },
    items: itemsAfter([], terms, start),
    changes: [],
  };
  const id = newId('sub');
  const data = { id, customerId, ...factColumns(contract), settledAt: now, createdAt: now, updatedAt: now, version: 0 };
  await tx.subscription.create({ data });
  const event = {
    type: 'subscription.created' as const,
    detail: {
      customer: customerId,
      plan: terms.plan,
      quantity: terms.quantity,
      add_ons: terms.addOns,
      start: toInstant(start),
      trial_end: toInstantOrNull(end),
    },
  };
  await noteSubscription(tx, origin, { id, customerId }, event);
  const history = [{ at: start, items: contract.items, anchor: contract.cycle.anchor }];
  await writeSubscription(tx, { id, customerId }, contract, event.type, around, history);
  if (request.coupon !== undefined) {
    await giveCoupon(tx, origin, customerId, { coupon: request.coupon, subscription_id: id }, now);
  }
  return { row: await getSubscription(tx, id), effective: new Date(Math.max(start.getTime(), now.getTime())) };
}

const wantedOf = ({ plan, add_ons }: CreateSubscriptionRequest): WantedPlan[] => [
  { reference: plan, kind: 'plan', path: '/plan' },
  ...add_ons.map((addOn, index) => ({
    reference: addOn.plan,
    kind: 'add_on' as const,
    path: `/add_ons/${index}/plan`,
  })),
];
