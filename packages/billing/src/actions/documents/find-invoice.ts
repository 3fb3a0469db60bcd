import { AppError } from '@bastionary/platform/app-error';
import type { Reader, Transaction } from '@bastionary/prisma/client';

const WITH_LINES = { lines: { orderBy: { position: 'asc' as const } } };
// The bytes of a document are as large as all the rest, and few ask for them.
const BULKY = { document: true as const };

export const noSuchInvoice = (id: string): AppError => new AppError('not_found', `There is no invoice ${id}.`);

/** An act that the state of an invoice does not allow. */
export const invoiceConflict = (code: string, reason: string): AppError =>
  new AppError('invoice_conflict', reason, { faults: [{ path: '', code, message: reason }] });

/**
 * An invoice and its lines.
 * @param own the customer whose it must be, who sees no drafts; null: anybody's
 * @throws AppError not_found
 */
export async function getInvoice(db: Reader, id: string, own: string | null = null) {
  const where = { id, ...(own !== null && { customerId: own, status: { not: 'draft' } }) };
  const row = await db.invoice.findUnique({ where, include: WITH_LINES, omit: BULKY });
  if (row === null) throw noSuchInvoice(id);
  return row;
}

export type InvoiceRow = Awaited<ReturnType<typeof getInvoice>>;
/** The same without its lines. */
export type InvoiceHead = Omit<InvoiceRow, 'lines'>;

/** Several, by id; who does not exist is left out. */
export async function getInvoices(db: Reader, ids: readonly string[]): Promise<InvoiceRow[]> {
  if (ids.length === 0) return [];
  const where = { id: { in: [...ids] } };
  return db.invoice.findMany({ where, include: WITH_LINES, omit: BULKY, orderBy: { id: 'asc' } });
}

/** Waits for whoever else changes these invoices. Their customers are locked before, never after; read them afterwards. */
export async function lockInvoices(tx: Transaction, ids: readonly string[]): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM invoice WHERE id = ANY(${[...ids]}::text[]) ORDER BY id FOR UPDATE`;
}

/**
 * The same for one.
 * @returns it as it is then, without its lines
 * @throws AppError not_found
 */
export async function lockInvoice(tx: Transaction, id: string): Promise<InvoiceHead> {
  await lockInvoices(tx, [id]);
  const row = await tx.invoice.findUnique({ where: { id }, omit: BULKY });
  if (row === null) throw noSuchInvoice(id);
  return row;
}
