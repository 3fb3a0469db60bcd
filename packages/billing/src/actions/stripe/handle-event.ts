import { askAgainMs } from '../../rules/stripe/attempt-state.js';
import type { Subject } from '../../rules/stripe/event-subject.js';
import type { StripeDesk, SyncOutcome } from './stripe-desk.js';
import { syncCheckout } from './sync-checkout.js';
import { syncCustomer } from './sync-customer.js';
import { syncPaymentIntent } from './sync-payment-intent.js';

/** Asks Stripe what an object is now, and makes our books say the same. Safe at any time, any number of times. */
export function sync(desk: StripeDesk, { kind, id }: Subject): Promise<SyncOutcome> {
  if (kind === 'payment_intent') return syncPaymentIntent(desk, id);
  return kind === 'customer' ? syncCustomer(desk, id) : syncCheckout(desk, id);
}

/** Longest that looking an object up takes, in requests. */
const REQUESTS = 5;

/**
 * Handles a stored event by what its object is now. Several at once, or one several times: the same end. One that
 * somebody is just at is left to them.
 * @throws what kept it from being handled; it stays due
 */
export async function handleEvent(desk: StripeDesk, id: string): Promise<void> {
  const now = desk.now();
  const { count } = await desk.db.stripeEvent.updateMany({
    where: { id, handledAt: null, nextTryAt: { lte: now } },
    data: { nextTryAt: new Date(now.getTime() + REQUESTS * desk.timeoutMs), error: null },
  });
  if (count === 0) return;
  const event = await desk.db.stripeEvent.findUniqueOrThrow({ where: { id } });
  if (event.about === null || event.objectId === null) return;
  try {
    const outcome = await sync(desk, { kind: event.about as Subject['kind'], id: event.objectId });
    const done = { handledAt: desk.now(), outcome, nextTryAt: null, error: null };
    await desk.db.stripeEvent.updateMany({ where: { id, handledAt: null }, data: done });
  } catch (error) {
    const tries = event.tries + 1;
    const nextTryAt = new Date(desk.now().getTime() + askAgainMs(tries));
    const told = error instanceof Error ? error.message.slice(0, 500) : String(error);
    const again = { tries, nextTryAt, error: told };
    await desk.db.stripeEvent.updateMany({ where: { id, handledAt: null }, data: again });
    throw error;
  }
}

/** Events that wait to be handled, the ones due first. */
export async function dueEvents(desk: StripeDesk, limit: number): Promise<string[]> {
  const rows = await desk.db.stripeEvent.findMany({
    where: { handledAt: null, nextTryAt: { lte: desk.now() } },
    orderBy: { nextTryAt: 'asc' },
    take: limit,
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}
