import type { CreditNote, CreditNoteListQuery } from '@bastionary/contracts/invoices';
import { toInstant } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import type { Reader } from '@bastionary/prisma/client';
import { customerNames } from './customer-names.js';
import type { ListPosition } from './list-invoices.js';

const WITH_LINES = { lines: { orderBy: { position: 'asc' as const } } };

/**
 * @param own the customer whose it must be; null: anybody's
 * @throws AppError not_found
 */
export async function getCreditNote(db: Reader, id: string, own: string | null = null) {
  const where = { id, ...(own !== null && { customerId: own }) };
  const row = await db.creditNote.findUnique({ where, include: WITH_LINES });
  if (row === null) throw new AppError('not_found', `There is no credit note ${id}.`);
  return row;
}

export type CreditNoteRow = Awaited<ReturnType<typeof getCreditNote>>;

/**
 * Credit notes, the newest first; one more than asked for if there are more.
 * @param own the customer whose they must be; null: anybody's
 */
export function listCreditNotes(
  db: Reader,
  own: string | null,
  query: Omit<CreditNoteListQuery, 'cursor'>,
  after: ListPosition | undefined,
): Promise<CreditNoteRow[]> {
  const { customer_id: customerId, invoice_id: invoiceId, currency, from, to, limit } = query;
  return db.creditNote.findMany({
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
    include: WITH_LINES,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
  });
}

/** Credit notes as they stand in answers. */
export async function creditNoteViews(db: Reader, rows: readonly CreditNoteRow[]): Promise<CreditNote[]> {
  const names = await customerNames(db, rows);
  const invoices = await db.invoice.findMany({
    where: { id: { in: rows.map(({ invoiceId }) => invoiceId) } },
    select: { id: true, number: true },
  });
  const lines = await db.invoiceLine.findMany({
    where: { id: { in: rows.flatMap((row) => row.lines.map(({ invoiceLineId }) => invoiceLineId)) } },
    select: { id: true, description: true },
  });
  const numbers = new Map(invoices.map(({ id, number }) => [id, number]));
  const descriptions = new Map(lines.map(({ id, description }) => [id, description]));
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    invoice_id: row.invoiceId,
    invoice_number: numbers.get(row.invoiceId) ?? '',
    customer_id: row.customerId,
    customer_name: names.get(row.customerId) ?? '',
    currency: row.currency,
    subtotal: String(row.subtotal),
    tax: String(row.tax),
    total: String(row.total),
    to_invoice: String(row.toInvoice),
    to_refund: String(row.toRefund),
    to_wallet: String(row.toWallet),
    reason: row.reason,
    lines: row.lines.map(({ invoiceLineId, amount, tax }) => ({
      invoice_line_id: invoiceLineId,
      description: descriptions.get(invoiceLineId) ?? '',
      amount: String(amount),
      tax: String(tax),
    })),
    document_hash: row.documentHash,
    created_at: toInstant(row.createdAt),
  }));
}
