import type { Reader } from '@bastionary/prisma/client';
import type { OverdueInvoice } from '../../rules/collection/explain-overdue.js';
import { amountDue } from '../../rules/documents/amounts.js';

/** Invoices of a customer that were due and not paid at an instant, the oldest first. */
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
  return rows.map((row) => ({
    id: row.id,
    number: row.number ?? row.id,
    subscriptionId: row.subscriptionId as string,
    currency: row.currency,
    amountDue: amountDue(row),
    dueAt: row.dueAt as Date,
  }));
}
