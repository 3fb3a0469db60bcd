import type { BillingPortalRequest } from '@bastionary/contracts/stripe';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { ensureStripeCustomer } from './ensure-stripe-customer.js';
import type { StripeDesk } from './stripe-desk.js';

/**
 * Opens Stripe's billing portal for a customer, where it changes its payment methods.
 * @returns the address, good for a few minutes and one visitor
 * @throws AppError not_found
 */
export async function startPortal(
  desk: StripeDesk,
  origin: Origin,
  customerId: string,
  { return_url }: BillingPortalRequest,
): Promise<{ url: string }> {
  const customer = await ensureStripeCustomer(desk, origin, customerId);
  const { url } = await desk.api.billingPortal.sessions.create({ customer, ...(return_url && { return_url }) });
  await desk.transact((tx) =>
    appendAudit(tx, origin, { action: 'customer.portal_opened', target: `customer:${customerId}` }),
  );
  return { url };
}
