import type { VoidInvoiceRequest } from '@bastionary/contracts/invoices';
import type { Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { amountDue } from '../../rules/documents/amounts.js';
import { voidPostings, writeOffPostings } from '../../rules/documents/postings.js';
import { restoreStanding } from '../collection/restore-standing.js';
import { returnCredits } from '../invoicing/wallet.js';
import type { Surroundings } from '../write-subscription.js';
import { getInvoice, type InvoiceRow, invoiceConflict } from './find-invoice.js';
import { entriesOf, postLedger } from './ledger.js';
import { noteInvoices } from './note-invoice.js';
import { openInvoice } from './open-invoice.js';

/**
 * Declares an invoice void: it keeps its number, and nothing is owed for it. What the wallet paid of it goes back there.
 * One that is void already stays so.
 * @throws AppError not_found, invoice_conflict (a draft, or something was paid or credited)
 */
export async function voidInvoice(
  tx: Transaction,
  origin: Origin,
  id: string,
  { reason = null, rebill = false }: Omit<VoidInvoiceRequest, 'reason'> & { reason?: string | null },
  surroundings: Surroundings,
): Promise<InvoiceRow> {
  const { invoice, around } = await openInvoice(tx, id, surroundings);
  const { status, currency, customerId, amountPaid, amountCredited } = invoice;
  if (status === 'void') return getInvoice(tx, id);
  if (status === 'draft') throw invoiceConflict('draft', 'It is a draft: nothing was asked for yet.');
  if (status === 'paid' || amountPaid > 0n || amountCredited > 0n) {
    throw invoiceConflict('paid', 'Something was paid or credited: issue a credit note for what is left instead.');
  }
  await tx.invoice.update({
    where: { id },
    data: {
      status: 'void',
      voidedAt: around.now,
      rebill,
      nextDunningAt: null,
      updatedAt: around.now,
      version: { increment: 1 },
    },
  });
  if (rebill && invoice.subscriptionId !== null) {
    // One that has ended has no boundary to come at which it would be billed again.
    const where = { id: invoice.subscriptionId, nextBillAt: null };
    await tx.subscription.updateMany({ where, data: { nextBillAt: around.now } });
  }
  await returnCredits(tx, [id], around.now);
  const postings = voidPostings({ ...invoice, isWrittenOff: status === 'uncollectible' });
  await postLedger(tx, {
    kind: 'invoice.voided',
    source: `invoice:${id}`,
    customerId,
    at: around.now,
    entries: entriesOf(postings, { currency, customerId, invoiceId: id }),
  });
  const detail = { currency, total: String(invoice.total), reason, rebill };
  await noteInvoices(tx, origin, { type: 'invoice.voided', invoice, detail });
  await restoreStanding(tx, origin, invoice.subscriptionId, around);
  return getInvoice(tx, id);
}

/**
 * Writes off what is owed for an invoice: it can still be paid. One that is written off already stays so.
 * @throws AppError not_found, invoice_conflict (nothing is owed for it)
 */
export async function markUncollectible(
  tx: Transaction,
  origin: Origin,
  id: string,
  surroundings: Surroundings,
): Promise<InvoiceRow> {
  const { invoice, around } = await openInvoice(tx, id, surroundings);
  const { status, currency, customerId } = invoice;
  if (status === 'uncollectible') return getInvoice(tx, id);
  if (status !== 'open') throw invoiceConflict(status, `It is ${status}: only what is open can be written off.`);
  const due = amountDue(invoice);
  await tx.invoice.update({
    where: { id },
    data: {
      status: 'uncollectible',
      uncollectibleAt: around.now,
      nextDunningAt: null,
      updatedAt: around.now,
      version: { increment: 1 },
    },
  });
  await postLedger(tx, {
    kind: 'invoice.marked_uncollectible',
    source: `invoice:${id}`,
    customerId,
    at: around.now,
    entries: entriesOf(writeOffPostings(due), { currency, customerId, invoiceId: id }),
  });
  const detail = { currency, amount_due: String(due) };
  await noteInvoices(tx, origin, { type: 'invoice.marked_uncollectible', invoice, detail });
  return getInvoice(tx, id);
}
