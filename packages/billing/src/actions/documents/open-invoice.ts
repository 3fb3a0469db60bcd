import { lockCustomer } from '@bastionary/entitlements/actions/facts';
import type { Transaction } from '@bastionary/prisma/client';
import { type InvoiceHead, lockInvoices, noSuchInvoice } from './find-invoice.js';

/**
 * Waits for other changes of the invoice and of its customer, in that order everywhere.
 * @throws AppError not_found
 */
export async function openInvoice(tx: Transaction, id: string): Promise<InvoiceHead> {
  const whose = await tx.invoice.findUnique({ where: { id }, select: { customerId: true } });
  if (whose === null) throw noSuchInvoice(id);
  await lockCustomer(tx, whose.customerId);
  const [row] = await lockInvoices(tx, [id]);
  if (row === undefined) throw noSuchInvoice(id);
  return row;
}
