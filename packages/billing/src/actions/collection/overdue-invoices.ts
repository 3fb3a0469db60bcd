import type { Reader } from '@bastionary/prisma/client';
import type { OverdueInvoice } from '../../rules/collection/explain-overdue.js';
import { amountDue } from '../../rules/documents/amounts.js';
import { openAgain } from '../../rules/documents/paid-back.js';
import { moneyOf } from './access-by-money.js';

/**
 * Invoices of a customer that were due and not paid at an instant, the oldest first; and those that are open again because
 * their money went back and that suspended a subscription.
 */
export async function overdueInvoices(db: Reader, customerId: string, at: Date): Promise<OverdueInvoice[]> {
  const rows = await db.invoice.findMany({
    where: {
      customerId,
      subscriptionId: { not: null },
      finalizedAt: { lte: at },
      dueAt: { lte: at },
      AND: [{ OR: [{ paidAt: null }, { paidAt: { gt: at } }] }, { OR: [{ voidedAt: null }, { voidedAt: { gt: at } }] }],
    },
    orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
    take: 100,
  });
  const overdue = rows.map((row) => ({ ...overdueOf(row), amountDue: amountDue(row), isPaidBack: false }));
  return [...overdue, ...(await paidBackInvoices(db, customerId, at))];
}

async function paidBackInvoices(db: Reader, customerId: string, at: Date): Promise<OverdueInvoice[]> {
  const refunded = { customerId, refundedAt: { lte: at } };
  const subscriptions = await db.subscription.findMany({ where: refunded, select: { id: true } });
  if (subscriptions.length === 0) return [];
  const rows = await db.invoice.findMany({
    where: {
      subscriptionId: { in: subscriptions.map(({ id }) => id) },
      status: 'paid',
      payments: { some: { refunds: { some: { status: 'succeeded' } } } },
    },
    orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
    take: 100,
  });
  const found: OverdueInvoice[] = [];
  for (const row of rows) {
    const open = openAgain({ ...row, ...(await moneyOf(db, row.id)) });
    if (open > 0n) found.push({ ...overdueOf(row), amountDue: open, isPaidBack: true });
  }
  return found;
}

type InvoiceRow = Awaited<ReturnType<Reader['invoice']['findFirstOrThrow']>>;

const overdueOf = (row: InvoiceRow) => ({
  id: row.id,
  number: row.number ?? row.id,
  subscriptionId: row.subscriptionId as string,
  currency: row.currency,
  dueAt: row.dueAt as Date,
});
