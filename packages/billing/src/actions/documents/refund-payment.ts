import { AppError } from '@bastionary/platform/app-error';
import type { Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import type { Transaction } from '@bastionary/prisma/client';
import { refundPostings } from '../../rules/documents/postings.js';
import { suspendRefunded } from '../collection/access-by-money.js';
import { move } from '../invoicing/wallet.js';
import { openCustomer, type Surroundings } from '../write-subscription.js';
import { getPayment, type PaymentRow } from './find-payment.js';
import { entriesOf, postLedger } from './ledger.js';
import { noteInvoices } from './note-invoice.js';

export interface RefundWish {
  readonly paymentId: string;
  /** Minor units; undefined: all that is left of the payment */
  readonly amount?: bigint | undefined;
  readonly reason: string;
  /** Whether the customer keeps what was paid for. */
  readonly keepsAccess: boolean;
}

export type RefundRow = Awaited<ReturnType<Transaction['refund']['findUniqueOrThrow']>>;

/**
 * Pays money back, without a credit note: what was invoiced stays, and is open again. Once all that was paid for the current
 * period of a subscription is back, that is suspended, unless it keeps its access. A manual refund is done; one that a provider has to
 * make is `pending` until `settleRefund` says what became of it.
 * @throws AppError not_found, invalid_request (more than is left)
 */
export async function refundPayment(
  tx: Transaction,
  origin: Origin,
  { paymentId, amount, reason, keepsAccess }: RefundWish,
  surroundings: Surroundings,
): Promise<RefundRow> {
  const { customerId } = await getPayment(tx, paymentId);
  const around = await openCustomer(tx, customerId, surroundings);
  const payment = await getPayment(tx, paymentId);
  const left = payment.amount - payment.refunded;
  const wanted = amount ?? left;
  if (wanted > left || wanted <= 0n) {
    const message = `must be at most the ${left} that are left of this payment`;
    const faults = [{ path: '/amount', code: 'exceeds_payment', message }];
    throw new AppError('invalid_request', `amount ${message}.`, { faults });
  }
  return writeRefund(tx, origin, payment, { amount: wanted, reason, keepsAccess, creditNoteId: null }, around);
}

/** Writes a refund of what is left of a payment, whose customer the caller has locked. */
export async function writeRefund(
  tx: Transaction,
  origin: Origin,
  payment: PaymentRow,
  wish: Omit<RefundWish, 'paymentId' | 'amount'> & { readonly amount: bigint; readonly creditNoteId: string | null },
  around: Surroundings,
): Promise<RefundRow> {
  const { amount, reason, keepsAccess, creditNoteId } = wish;
  const { now } = around;
  const id = newId('rfd');
  await tx.payment.update({ where: { id: payment.id }, data: { refunded: { increment: amount } } });
  const refund = await tx.refund.create({
    data: {
      id,
      paymentId: payment.id,
      customerId: payment.customerId,
      creditNoteId,
      provider: payment.provider,
      // The provider's own name for it comes with its answer.
      reference: id,
      currency: payment.currency,
      amount,
      status: payment.provider === 'manual' ? 'succeeded' : 'pending',
      reason,
      keepsAccess,
      createdAt: now,
    },
  });
  if (refund.status === 'succeeded') await postRefund(tx, payment, refund, now);
  await noteRefund(tx, origin, payment, refund);
  await takeAccess(tx, origin, payment, refund, around);
  return refund;
}

/**
 * Writes down what a provider made of a refund. Said again, it changes nothing.
 * @param reference the provider's name for it
 * @throws AppError not_found
 */
export async function settleRefund(
  tx: Transaction,
  origin: Origin,
  { refundId, succeeded, reference }: { refundId: string; succeeded: boolean; reference: string },
  surroundings: Surroundings,
): Promise<RefundRow> {
  const known = await tx.refund.findUnique({ where: { id: refundId } });
  if (known === null) throw new AppError('not_found', `There is no refund ${refundId}.`);
  const around = await openCustomer(tx, known.customerId, surroundings);
  const pending = await tx.refund.findUniqueOrThrow({ where: { id: refundId } });
  if (pending.status !== 'pending') return pending;
  const status = succeeded ? 'succeeded' : 'failed';
  const refund = await tx.refund.update({ where: { id: refundId }, data: { status, reference } });
  const payment = await getPayment(tx, refund.paymentId);
  if (succeeded) await postRefund(tx, payment, refund, around.now);
  else await tx.payment.update({ where: { id: payment.id }, data: { refunded: { decrement: refund.amount } } });
  await noteRefund(tx, origin, payment, refund);
  await takeAccess(tx, origin, payment, refund, around);
  return refund;
}

/**
 * Writes down money that went back at a provider without our asking, once however often it is told.
 * @throws AppError not_found
 */
export async function recordRefund(
  tx: Transaction,
  origin: Origin,
  told: { paymentId: string; amount: bigint; reference: string; reason: string },
  surroundings: Surroundings,
): Promise<RefundRow> {
  const { customerId } = await getPayment(tx, told.paymentId);
  const around = await openCustomer(tx, customerId, surroundings);
  const { now } = around;
  const payment = await getPayment(tx, told.paymentId);
  const { provider, currency } = payment;
  const { amount, reason, reference } = told;
  const where = { provider_reference: { provider, reference } };
  const known = await tx.refund.findUnique({ where });
  if (known !== null) return known;
  await tx.payment.update({ where: { id: payment.id }, data: { refunded: { increment: amount } } });
  const data = { paymentId: payment.id, customerId, provider, reference, currency, amount, reason, createdAt: now };
  const refund = await tx.refund.create({ data: { id: newId('rfd'), status: 'succeeded', ...data } });
  await postRefund(tx, payment, refund, now);
  await noteRefund(tx, origin, payment, refund);
  await takeAccess(tx, origin, payment, refund, around);
  return refund;
}

/** What all the money of a period went back for is suspended, once it is back, unless somebody said otherwise. */
async function takeAccess(
  tx: Transaction,
  origin: Origin,
  { invoiceId }: PaymentRow,
  { status, keepsAccess }: RefundRow,
  around: Surroundings,
): Promise<void> {
  if (status !== 'succeeded' || keepsAccess || invoiceId === null) return;
  await suspendRefunded(tx, origin, invoiceId, around);
}

async function postRefund(tx: Transaction, payment: PaymentRow, refund: RefundRow, at: Date): Promise<void> {
  const { id, amount, currency, customerId, creditNoteId } = refund;
  const isCredited = creditNoteId !== null;
  const fromWallet = isCredited ? 0n : await takeFromWallet(tx, payment, amount, at);
  const postings = refundPostings({ amount, isCredited, fromWallet });
  await postLedger(tx, {
    kind: 'payment.refunded',
    source: `refund:${id}`,
    customerId,
    at,
    entries: entriesOf(postings, { currency, customerId, invoiceId: payment.invoiceId }),
  });
}

/** What was paid too much went into the wallet: as far as it is there still, it leaves it first. */
async function takeFromWallet(tx: Transaction, payment: PaymentRow, amount: bigint, at: Date): Promise<bigint> {
  const { id, customerId } = payment;
  const credit = await tx.walletCredit.findFirst({ where: { source: `payment:${id}` } });
  const isMore = credit !== null && credit.remaining > amount;
  const taken = isMore ? amount : (credit?.remaining ?? 0n);
  if (credit === null || taken === 0n) return 0n;
  await move(tx, [{ creditId: credit.id, customerId, kind: 'voided', amount: -taken, invoiceId: null }], at);
  return taken;
}

async function noteRefund(tx: Transaction, origin: Origin, payment: PaymentRow, refund: RefundRow): Promise<void> {
  const invoice =
    payment.invoiceId === null
      ? null
      : await tx.invoice.findUnique({
          where: { id: payment.invoiceId },
          select: { id: true, number: true, customerId: true },
        });
  if (invoice === null) return;
  const detail = {
    refund_id: refund.id,
    payment_id: payment.id,
    credit_note_id: refund.creditNoteId,
    currency: refund.currency,
    amount: String(refund.amount),
    status: refund.status,
    reason: refund.reason,
    ...(refund.keepsAccess && { access: 'keep' }),
  };
  await noteInvoices(tx, origin, { type: 'payment.refunded', invoice, detail });
}
