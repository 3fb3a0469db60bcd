import { newId } from '@bastionary/platform/ids';
import type { Transaction } from '@bastionary/prisma/client';

interface Candidate {
  readonly id: string;
  readonly customer_id: string;
  readonly currency: string;
  readonly due: bigint;
  readonly payment_method: string;
}

/**
 * Plans one attempt for every open invoice that a customer's payment method can be charged for now: the first at once,
 * after a decline when its pause is over, and at once when the customer has another payment method; of none who pays by
 * himself (billing profile). Only written down:
 * Stripe is asked later, under the key that stands here.
 * @returns how many
 */
export async function planAttempts(tx: Transaction, now: Date, limit: number): Promise<number> {
  // Locked, so that no payment comes in between; whoever else is at one of them is left to the next time.
  const candidates = await tx.$queryRaw<Candidate[]>`
    SELECT i.id, i.customer_id, i.currency, c.payment_method,
      i.total - i.credits_applied - i.amount_paid - i.amount_credited AS due
    FROM invoice i JOIN stripe_customer c USING (customer_id)
    WHERE i.status = 'open' AND c.payment_method IS NOT NULL
      AND NOT EXISTS (SELECT FROM billing_profile p WHERE p.customer_id = i.customer_id AND p.collection = 'manual')
      AND i.total - i.credits_applied - i.amount_paid - i.amount_credited > 0
      AND NOT EXISTS (
        SELECT FROM stripe_attempt a WHERE a.invoice_id = i.id AND (
          a.state IN ('planned', 'unknown', 'processing', 'requires_action')
          OR (a.state IN ('declined', 'refused') AND a.payment_method = c.payment_method
            AND (a.next_try_at IS NULL OR a.next_try_at > ${now}))))
    ORDER BY i.finalized_at LIMIT ${limit}
    FOR UPDATE OF i SKIP LOCKED`;
  for (const { id, customer_id, currency, due, payment_method } of candidates) {
    await planAttempt(tx, { invoiceId: id, customerId: customer_id, currency, amount: due }, payment_method, now);
  }
  return candidates.length;
}

export interface AttemptOf {
  readonly invoiceId: string;
  readonly customerId: string;
  readonly currency: string;
  readonly amount: bigint;
}

/**
 * Writes down the next attempt of an invoice, whose row is locked. Its idempotency key follows from invoice and number.
 * @param paymentMethod what will be charged; null: the customer pays on a page of Stripe
 */
export async function planAttempt(tx: Transaction, of: AttemptOf, paymentMethod: string | null, now: Date) {
  const { _max: last } = await tx.stripeAttempt.aggregate({
    where: { invoiceId: of.invoiceId },
    _max: { number: true },
  });
  const number = (last.number ?? 0) + 1;
  return tx.stripeAttempt.create({
    data: {
      id: newId('att'),
      ...of,
      number,
      kind: paymentMethod === null ? 'checkout' : 'off_session',
      paymentMethod,
      idempotencyKey: `bastionary-${of.invoiceId}-${number}`,
      state: 'planned',
      nextTryAt: paymentMethod === null ? null : now,
      createdAt: now,
      updatedAt: now,
    },
  });
}
