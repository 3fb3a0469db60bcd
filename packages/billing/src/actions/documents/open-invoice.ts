import type { Transaction } from '@bastionary/prisma/client';
import { openCustomer, type Surroundings } from '../write-subscription.js';
import { type InvoiceHead, lockInvoice, noSuchInvoice } from './find-invoice.js';

/**
 * Waits for other changes of the customer of an invoice and of the invoice, in that order everywhere.
 * @returns it as it is then, and the instant of the change
 * @throws AppError not_found
 */
export async function openInvoice(
  tx: Transaction,
  id: string,
  surroundings: Surroundings,
): Promise<{ invoice: InvoiceHead; around: Surroundings }> {
  const whose = await tx.invoice.findUnique({ where: { id }, select: { customerId: true } });
  if (whose === null) throw noSuchInvoice(id);
  const around = await openCustomer(tx, whose.customerId, surroundings);
  return { invoice: await lockInvoice(tx, id), around };
}
