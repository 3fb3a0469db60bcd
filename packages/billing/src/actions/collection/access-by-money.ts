import type { Origin } from '@bastionary/platform/audit';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { type InvoiceMoney, isPaidAgain, isPaidBack } from '../../rules/documents/paid-back.js';
import { applyAct } from '../update-subscription.js';
import type { Surroundings } from '../write-subscription.js';

/**
 * After money went back for an invoice: suspends each subscription whose current period it paid for, if all that was paid
 * for that period has gone back. In the transaction of the refund, so that rights go with the money.
 * @param around of the customer, opened by the caller
 */
export async function suspendRefunded(
  tx: Transaction,
  origin: Origin,
  invoiceId: string,
  around: Surroundings,
): Promise<void> {
  const lines = await tx.invoiceLine.findMany({
    where: { invoiceId, subscriptionId: { not: null } },
    select: { subscriptionId: true },
    distinct: ['subscriptionId'],
    orderBy: { subscriptionId: 'asc' },
  });
  for (const { subscriptionId } of lines) {
    if (subscriptionId === null) continue;
    const invoices = await currentInvoices(tx, subscriptionId, around.now);
    const isOfThisPeriod = invoices.some(({ id }) => id === invoiceId);
    if (isOfThisPeriod && isPaidBack(invoices))
      await applyAct(tx, origin, subscriptionId, { kind: 'refunded' }, around);
  }
}

/** After a payment: gives back what a refund took, if what is asked for the current period is paid now. */
export async function restoreRefunded(
  tx: Transaction,
  origin: Origin,
  subscriptionId: string,
  around: Surroundings,
): Promise<void> {
  const row = await tx.subscription.findUnique({ where: { id: subscriptionId }, select: { refundedAt: true } });
  if (row === null || row.refundedAt === null) return;
  if (!isPaidAgain(await currentInvoices(tx, subscriptionId, around.now))) return;
  await applyAct(tx, origin, subscriptionId, { kind: 'repaid' }, around);
}

/** The finalized invoices that ask for service of this moment; of a subscription that has not begun, of its beginning. */
async function currentInvoices(
  tx: Transaction,
  subscriptionId: string,
  now: Date,
): Promise<(InvoiceMoney & { readonly id: string })[]> {
  const { start } = await tx.subscription.findUniqueOrThrow({ where: { id: subscriptionId }, select: { start: true } });
  const at = start > now ? start : now;
  const invoices = await tx.invoice.findMany({
    where: {
      status: { notIn: ['draft', 'void'] },
      lines: { some: { subscriptionId, serviceStart: { lte: at }, serviceEnd: { gt: at } } },
    },
    orderBy: { id: 'asc' },
  });
  return Promise.all(invoices.map(async (invoice) => ({ ...invoice, ...(await moneyOf(tx, invoice.id)) })));
}

/** What came in for an invoice, and what of it has gone back. */
export async function moneyOf(db: Reader, invoiceId: string): Promise<{ received: bigint; paidBack: bigint }> {
  const { _sum: paid } = await db.payment.aggregate({ where: { invoiceId }, _sum: { amount: true } });
  const { _sum: back } = await db.refund.aggregate({
    where: { payment: { invoiceId }, status: 'succeeded' },
    _sum: { amount: true },
  });
  return { received: paid.amount ?? 0n, paidBack: back.amount ?? 0n };
}
