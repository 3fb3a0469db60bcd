import type { Payment, PaymentListQuery } from '@bastionary/contracts/invoices';
import { toInstant } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import type { Reader } from '@bastionary/prisma/client';
import { customerNames } from './customer-names.js';
import type { ListPosition } from './list-invoices.js';

/** @throws AppError not_found */
export async function getPayment(db: Reader, id: string) {
  const row = await db.payment.findUnique({ where: { id } });
  if (row === null) throw new AppError('not_found', `There is no payment ${id}.`);
  return row;
}

export type PaymentRow = Awaited<ReturnType<typeof getPayment>>;

/**
 * Payments, the newest first; one more than asked for if there are more.
 * @param own the customer whose they must be; null: anybody's
 */
export function listPayments(
  db: Reader,
  own: string | null,
  query: Omit<PaymentListQuery, 'cursor'>,
  after: ListPosition | undefined,
): Promise<PaymentRow[]> {
  const { customer_id: customerId, invoice_id: invoiceId, currency, from, to, limit } = query;
  return db.payment.findMany({
    where: {
      AND: [
        own === null ? {} : { customerId: own },
        customerId === undefined ? {} : { customerId },
        invoiceId === undefined ? {} : { invoiceId },
        currency === undefined ? {} : { currency },
        from === undefined ? {} : { createdAt: { gte: new Date(from) } },
        to === undefined ? {} : { createdAt: { lt: new Date(to) } },
        after === undefined
          ? {}
          : { OR: [{ createdAt: { lt: after.at } }, { createdAt: after.at, id: { lt: after.id } }] },
      ],
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
  });
}

/** Payments as they stand in answers. */
export async function paymentViews(db: Reader, rows: readonly PaymentRow[]): Promise<Payment[]> {
  const names = await customerNames(db, rows);
  const invoices = await db.invoice.findMany({
    where: { id: { in: rows.flatMap(({ invoiceId }) => invoiceId ?? []) } },
    select: { id: true, number: true },
  });
  const numbers = new Map(invoices.map(({ id, number }) => [id, number]));
  return rows.map((row) => ({
    id: row.id,
    customer_id: row.customerId,
    customer_name: names.get(row.customerId) ?? '',
    invoice_id: row.invoiceId,
    invoice_number: numbers.get(row.invoiceId ?? '') ?? null,
    provider: row.provider as Payment['provider'],
    reference: row.reference,
    currency: row.currency,
    amount: String(row.amount),
    refunded: String(row.refunded),
    received_at: toInstant(row.receivedAt),
    created_at: toInstant(row.createdAt),
  }));
}
