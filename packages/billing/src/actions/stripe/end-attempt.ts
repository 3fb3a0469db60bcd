import { customerEvent } from '@bastionary/entitlements/rules/customer-event';
import { appendAudit } from '@bastionary/platform/audit';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Transaction } from '@bastionary/prisma/client';
import { type AttemptState, OPEN_STATES, retryAt } from '../../rules/stripe/attempt-state.js';
import type { AttemptRow } from './attempt-rows.js';
import { STRIPE_ORIGIN, type StripeDesk } from './stripe-desk.js';

export interface AttemptEnd {
  readonly state: AttemptState;
  readonly paymentIntent: string | null;
  readonly failureCode: string | null;
  readonly failureMessage: string | null;
}

/**
 * Writes what became of an attempt, and tells of a failure: dunning and webhooks live on it.
 * @returns false if the attempt has changed since it was read
 */
export async function endAttempt(
  tx: Transaction,
  desk: StripeDesk,
  attempt: AttemptRow,
  end: AttemptEnd,
): Promise<boolean> {
  const now = desk.now();
  const failed = (end.state === 'declined' || end.state === 'refused') && attempt.state !== end.state;
  const nextTryAt = end.state === 'declined' ? await nextTry(tx, desk, attempt, end.failureCode, now) : null;
  const { count } = await tx.stripeAttempt.updateMany({
    where: { id: attempt.id, version: attempt.version },
    data: {
      ...end,
      nextTryAt,
      updatedAt: now,
      endedAt: OPEN_STATES.includes(end.state) ? null : now,
      version: { increment: 1 },
    },
  });
  if (count === 0) return false;
  if (failed) await tell(tx, attempt, end, nextTryAt);
  return true;
}

async function nextTry(
  tx: Transaction,
  desk: StripeDesk,
  attempt: AttemptRow,
  failureCode: string | null,
  now: Date,
): Promise<Date | null> {
  const { invoiceId, paymentMethod, number } = attempt;
  // What a customer tried on a page of Stripe does not count: the card that we may charge is another.
  if (attempt.kind === 'checkout') return null;
  const before = await tx.stripeAttempt.count({
    where: { invoiceId, paymentMethod, kind: 'off_session', number: { lt: number }, state: { not: 'canceled' } },
  });
  return retryAt(before + 1, failureCode, desk.retryHours, now);
}

async function tell(tx: Transaction, attempt: AttemptRow, end: AttemptEnd, nextTryAt: Date | null): Promise<void> {
  const detail = {
    invoice_id: attempt.invoiceId,
    attempt: attempt.number,
    amount: String(attempt.amount),
    currency: attempt.currency,
    reason: end.failureCode,
    message: end.failureMessage,
    next_attempt_at: nextTryAt?.toISOString() ?? null,
  };
  await appendAudit(tx, STRIPE_ORIGIN, { action: 'payment.failed', target: `invoice:${attempt.invoiceId}`, detail });
  await appendEvent(tx, customerEvent('payment.failed', attempt.customerId, detail));
}
