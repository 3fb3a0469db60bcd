import type { UpdateInvoiceRequest } from '@bastionary/contracts/invoices';
import { toInstantOrNull } from '@bastionary/contracts/text';
import type { Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { invoiceConflict } from '../documents/find-invoice.js';
import { noteInvoices } from '../documents/note-invoice.js';
import { openInvoice } from '../documents/open-invoice.js';
import type { Surroundings } from '../write-subscription.js';
import { deleteDrafts } from './write-drafts.js';

const NO_DRAFT = 'It is finalized, and never changes again: declare it void, or issue a credit note.';

/**
 * Says when a draft goes out by itself: null holds it until somebody finalizes it.
 * @throws AppError not_found, invoice_conflict (it is no draft)
 */
export async function updateDraft(
  tx: Transaction,
  origin: Origin,
  id: string,
  { finalize_at }: UpdateInvoiceRequest,
  surroundings: Surroundings,
): Promise<void> {
  const { invoice, around } = await openInvoice(tx, id, surroundings);
  if (invoice.status !== 'draft') throw invoiceConflict('not_a_draft', NO_DRAFT);
  const finalizeAt = finalize_at === null ? null : new Date(finalize_at);
  if (finalizeAt?.getTime() === invoice.finalizeAt?.getTime()) return;
  await tx.invoice.update({
    where: { id },
    data: { finalizeAt, updatedAt: around.now, version: { increment: 1 } },
  });
  const detail = { finalize_at: { from: toInstantOrNull(invoice.finalizeAt), to: toInstantOrNull(finalizeAt) } };
  await noteInvoices(tx, origin, { type: 'invoice.draft_updated', invoice, detail });
}

/**
 * Withdraws a draft. What it asked for is owed still: the next draft asks for it again.
 * @throws AppError not_found, invoice_conflict (it is no draft)
 */
export async function withdrawDraft(
  tx: Transaction,
  origin: Origin,
  id: string,
  surroundings: Surroundings,
): Promise<void> {
  const { invoice } = await openInvoice(tx, id, surroundings);
  if (invoice.status !== 'draft') throw invoiceConflict('not_a_draft', NO_DRAFT);
  await deleteDrafts(tx, origin, [invoice]);
}
