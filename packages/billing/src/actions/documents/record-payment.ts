import { toInstant } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import type { Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import type { Transaction } from '@bastionary/prisma/client';
import { amountDue } from '../../rules/documents/amounts.js';
import { openAgain } from '../../rules/documents/paid-back.js';
import { paymentPostings } from '../../rules/documents/postings.js';
import { moneyOf } from '../collection/access-by-money.js';
import { restoreStanding } from '../collection/restore-standing.js';
import { grantCredits } from '../invoicing/wallet.js';
import type { Surroundings } from '../write-subscription.js';
import { invoiceConflict } from './find-invoice.js';
import type { PaymentRow } from './find-payment.js';
import { entriesOf, postLedger } from './ledger.js';
import { noteInvoices } from './note-invoice.js';
import { openInvoice } from './open-invoice.js';

/**
 * Money that came in for an invoice. `provider` and `reference` together name it, however often we are told of it; a manual
 * reference is one of its invoice, since one transfer may pay several.
 */
export interface Receipt {
  readonly invoiceId: string;
  /** Minor units of the invoice's currency, more than 0 */
  readonly amount: bigint;
  readonly provider: 'manual' | 'stripe';
  readonly reference: string;
  readonly receivedAt: Date;
}

/**
 * Writes down a payment: what is owed is settled, then what had gone back, the rest goes into the wallet. When nothing is
 * owed any more the invoice is paid and its subscription in order again, in the same transaction. The same receipt again
 * changes nothing.
 * @throws AppError not_found, invoice_conflict (a draft), payment_differs
 */
export async function recordPayment(
  tx: Transaction,
  origin: Origin,
  receipt: Receipt,
  surroundings: Surroundings,
): Promise<{ payment: PaymentRow; isNew: boolean }> {
  const { invoice, around } = await openInvoice(tx, receipt.invoiceId, surroundings);
  const { invoiceId, amount, provider, reference, receivedAt } = receipt;
  if (invoice.status === 'draft') throw invoiceConflict('draft', 'It is a draft: finalize it first.');
  const { customerId, currency } = invoice;
  const wasOpenAgain = openAgain({ ...invoice, ...(await moneyOf(tx, invoiceId)) });
  const data = { customerId, invoiceId, provider, reference, currency, amount, receivedAt, createdAt: around.now };
  const { count } = await tx.payment.createMany({ data: { id: newId('pay'), ...data }, skipDuplicates: true });
  const where = { provider, reference, ...(provider === 'manual' && { invoiceId }) };
  const payment = await tx.payment.findFirstOrThrow({ where });
  if (payment.invoiceId !== invoiceId || payment.amount !== amount) throw differs(payment);
  if (count === 0) return { payment, isNew: false };

  const due = amountDue(invoice);
  const isWrittenOff = invoice.status === 'uncollectible';
  const isPaid = due > 0n && amount >= due;
  const beyond = amount > due ? amount - due : 0n;
  const again = beyond < wasOpenAgain ? beyond : wasOpenAgain;
  const credited = beyond - again;
  if (invoice.status !== 'void') {
    await tx.invoice.update({
      where: { id: invoiceId },
      data: {
        amountPaid: { increment: amount },
        ...(isPaid && { status: 'paid', paidAt: around.now, nextDunningAt: null }),
        updatedAt: around.now,
        version: { increment: 1 },
      },
    });
  }
  await postLedger(tx, {
    kind: 'payment.received',
    source: `payment:${payment.id}`,
    customerId,
    at: around.now,
    entries: entriesOf(paymentPostings({ amount, due, again, isWrittenOff }), { currency, customerId, invoiceId }),
  });
  const left = due - (amount - beyond);
  const detail = {
    payment_id: payment.id,
    provider,
    reference,
    currency,
    amount: String(amount),
    received_at: toInstant(receivedAt),
    to_wallet: String(credited),
    ...(again > 0n && { paid_again: String(again) }),
    amount_due: String(left),
  };
  const paid = { currency, total: String(invoice.total), amount_due: '0' };
  await noteInvoices(
    tx,
    origin,
    { type: 'payment.received', invoice, detail },
    ...(isPaid ? [{ type: 'invoice.paid' as const, invoice, detail: paid }] : []),
  );
  if (credited > 0n) {
    const source = `payment:${payment.id}`;
    await grantCredits(
      tx,
      origin,
      [{ customerId, currency, amount: credited, reason: `Payment ${reference}`, source }],
      around.now,
    );
  }
  if (isPaid || again > 0n) await restoreStanding(tx, origin, invoice.subscriptionId, around);
  return { payment, isNew: true };
}

function differs({ invoiceId, amount, currency }: PaymentRow): AppError {
  const message = `This reference is that of a payment of ${amount} (minor units of ${currency}) for ${invoiceId ?? 'no invoice'}. Give this one another reference.`;
  return new AppError('payment_differs', message, {
    faults: [{ path: '/reference', code: 'payment_differs', message }],
  });
}
