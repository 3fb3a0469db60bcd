import { listSubscriptions } from '@bastionary/billing/actions/find-subscription';
import { toSubscription } from '@bastionary/billing/actions/subscription-rows';
import type { CustomerOverview } from '@bastionary/contracts/customer-overview';
import { toInstant } from '@bastionary/contracts/text';
import type { Database } from '../../platform/providers.js';

const SHOWN = 100;

/** A customer's clients, the newest first. A deleted one is none. */
export async function clientsOf(db: Database, customerId: string): Promise<CustomerOverview['clients']> {
  const where = { customerId, status: { not: 'deleted' } };
  const rows = await db.client.findMany({
    where,
    orderBy: [{ createdAt: 'desc' }, { clientId: 'desc' }],
    take: SHOWN,
    select: { clientId: true, name: true, status: true, createdAt: true },
  });
  return {
    total: await db.client.count({ where }),
    data: rows.map(({ clientId, name, status, createdAt }) => ({
      client_id: clientId,
      name,
      status,
      created_at: toInstant(createdAt),
    })),
  };
}

/** A customer's subscriptions as they are at `now`, the newest first. */
export async function subscriptionsOf(
  db: Database,
  customerId: string,
  now: Date,
): Promise<CustomerOverview['subscriptions']> {
  const filter = { limit: SHOWN, after: undefined, customerId, plan: undefined, state: undefined, now };
  const rows = await listSubscriptions(db, filter);
  return {
    total: await db.subscription.count({ where: { customerId } }),
    data: rows.slice(0, SHOWN).map((row) => {
      const { id, state, items, start, trial_end, cancel_at, canceled_at } = toSubscription(row, now);
      return { id, state, plans: items.map(({ plan }) => plan), start, trial_end, cancel_at, canceled_at };
    }),
  };
}
