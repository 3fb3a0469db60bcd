import { customerEvent } from '@bastionary/entitlements/rules/customer-event';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Transaction } from '@bastionary/prisma/client';
import type { SubscriptionEvent } from '../rules/subscription-event.js';

/**
 * Writes what happened to a subscription, for the audit log and for whoever listens; before the snapshot that follows from
 * it, so that a receiver hears of the cause first. The caller has locked its customer.
 */
export async function noteSubscription(
  tx: Transaction,
  origin: Origin,
  { id, customerId }: { readonly id: string; readonly customerId: string },
  ...events: readonly SubscriptionEvent[]
): Promise<void> {
  const target = `subscription:${id}`;
  await appendAudit(tx, origin, ...events.map(({ type, detail }) => ({ action: type, target, detail })));
  const entries = events.map(({ type, detail }) => customerEvent(type, customerId, { subscription_id: id, ...detail }));
  await appendEvent(tx, ...entries);
}
