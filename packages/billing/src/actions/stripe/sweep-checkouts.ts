import type { StripeDesk } from './stripe-desk.js';
import { syncCheckout } from './sync-checkout.js';

/** Longer than it takes to open a page. */
const OPENING_MS = 600_000;

/**
 * Pages that closed without our being told, and attempts whose page never opened: what they held up goes on.
 * @returns how many
 */
export async function sweepCheckouts(desk: StripeDesk, limit: number): Promise<number> {
  const now = desk.now();
  const before = new Date(now.getTime() - OPENING_MS);
  const { count } = await desk.db.stripeAttempt.updateMany({
    where: { kind: 'checkout', state: 'planned', createdAt: { lt: before } },
    data: { state: 'canceled', endedAt: now, updatedAt: now, version: { increment: 1 } },
  });
  const closed = await desk.db.stripeCheckout.findMany({
    where: { state: 'open', expiresAt: { lt: now } },
    orderBy: { expiresAt: 'asc' },
    take: limit,
    select: { id: true },
  });
  for (const { id } of closed) await syncCheckout(desk, id);
  return count + closed.length;
}
