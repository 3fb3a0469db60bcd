import { getCustomer } from '@bastionary/entitlements/actions/find-customer';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { METADATA, type StripeDesk } from './stripe-desk.js';

/**
 * The customer's id at Stripe; made there the first time. Looked for before it is made: an answer that got lost must not
 * leave two.
 * @throws AppError not_found
 */
export async function ensureStripeCustomer(desk: StripeDesk, origin: Origin, customerId: string): Promise<string> {
  const known = await desk.db.stripeCustomer.findUnique({ where: { customerId } });
  if (known !== null) return known.stripeId;
  const customer = await getCustomer(desk.db, customerId);
  const { name, email } = customer;
  const namesakes = await desk.api.customers.list({ email, limit: 100 });
  const found = namesakes.data.find(({ metadata }) => metadata[METADATA.customer] === customerId);
  const { id: stripeId } =
    found ??
    (await desk.api.customers.create(
      { name, email, metadata: { [METADATA.customer]: customerId } },
      // With the version: the same key with other data would be refused.
      { idempotencyKey: `bastionary-customer-${customerId}-${customer.version}` },
    ));
  return desk.transact(async (tx) => {
    const now = desk.now();
    const row = { customerId, stripeId, createdAt: now, updatedAt: now };
    const { count } = await tx.stripeCustomer.createMany({ data: row, skipDuplicates: true });
    if (count > 0) {
      const target = `customer:${customerId}`;
      await appendAudit(tx, origin, { action: 'customer.linked_to_stripe', target, detail: { stripe_id: stripeId } });
    }
    return (await tx.stripeCustomer.findUniqueOrThrow({ where: { customerId } })).stripeId;
  });
}
