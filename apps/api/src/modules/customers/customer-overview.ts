import type { CustomerOverview } from '@bastionary/contracts/customer-overview';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
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

/** A customer's subscriptions, the newest first. */
export async function subscriptionsOf(db: Database, customerId: string): Promise<CustomerOverview['subscriptions']> {
  const rows = await db.subscription.findMany({
    where: { customerId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: SHOWN,
    include: { items: { orderBy: [{ kind: 'desc' }, { planKey: 'asc' }] } },
  });
  return {
    total: await db.subscription.count({ where: { customerId } }),
    data: rows.map((row) => ({
      id: row.id,
      plans: row.items.map(({ planKey, planVersion }) => `${planKey}@${planVersion}`),
      start: toInstant(row.start),
      trial_end: toInstantOrNull(row.trialEnd),
      cancel_at: toInstantOrNull(row.cancelAt),
      canceled_at: toInstantOrNull(row.canceledAt),
    })),
  };
}
