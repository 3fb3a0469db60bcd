import type { Entitlements } from '@bastionary/contracts/entitlements';
import type { EventType } from '@bastionary/contracts/events';
import { toInstant } from '@bastionary/contracts/text';

const keyOf = (customerId: string): string => `customer:${customerId}`;

/** An event about a customer or what it has, in the order of all about this customer. */
export const customerEvent = (type: EventType, customerId: string, data: Record<string, unknown>) => ({
  type,
  key: keyOf(customerId),
  customerId,
  data: { customer_id: customerId, ...data },
});

/**
 * The event of a new epoch: the snapshot as every surface serves it, when it became true and why, and the epoch before,
 * by which a receiver sees whether it has missed one.
 */
export function entitlementsEvent({ before, after, cause, at }: NewEpoch) {
  const previous = before === null ? null : { epoch: before.epoch, hash: before.hash };
  return {
    type: 'entitlements.changed' as const,
    key: keyOf(after.customer),
    customerId: after.customer,
    data: { ...after, at: toInstant(at), cause, previous },
  };
}

interface NewEpoch {
  readonly before: Entitlements | null;
  readonly after: Entitlements;
  readonly cause: string;
  readonly at: Date;
}
