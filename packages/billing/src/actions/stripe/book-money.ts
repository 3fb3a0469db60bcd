import type { Transaction } from '@bastionary/prisma/client';
import { recordPayment } from '../documents/record-payment.js';
import { recordRefund, settleRefund } from '../documents/refund-payment.js';
import type { AttemptRow } from './attempt-rows.js';
import type { IntentFacts, RefundFacts } from './intent-facts.js';
import { STRIPE_ORIGIN, type StripeDesk } from './stripe-desk.js';

const surroundings = (desk: StripeDesk) => ({ ...desk.around, now: desk.now() });

/**
 * Books what came in by a payment intent, once however often it is told: its id is the payment's reference. What nobody
 * owes any more, because the invoice is void or was paid meanwhile, goes into the customer's wallet.
 */
export async function bookPayment(
  tx: Transaction,
  desk: StripeDesk,
  { invoiceId }: AttemptRow,
  { id, received, createdAt }: IntentFacts,
): Promise<void> {
  const receipt = { invoiceId, amount: received, provider: 'stripe' as const, reference: id, receivedAt: createdAt };
  await recordPayment(tx, STRIPE_ORIGIN, receipt, surroundings(desk));
}

/** Books what went back at Stripe: what came of a refund of ours, or one that was made there. */
export async function bookRefund(tx: Transaction, desk: StripeDesk, refund: RefundFacts): Promise<void> {
  const { id: reference, refundId, paymentIntent, amount, state } = refund;
  if (state === 'pending' || paymentIntent === null) return;
  const succeeded = state === 'succeeded';
  if (refundId !== null) {
    await settleRefund(tx, STRIPE_ORIGIN, { refundId, succeeded, reference }, surroundings(desk));
  } else if (succeeded) {
    const where = { provider: 'stripe', reference: paymentIntent };
    const { id: paymentId } = await tx.payment.findFirstOrThrow({ where });
    const reason = reference.startsWith('re_') ? 'Refunded at Stripe' : 'Chargeback';
    const told = { paymentId, amount, reference, reason };
    await recordRefund(tx, STRIPE_ORIGIN, told, surroundings(desk));
  }
}
