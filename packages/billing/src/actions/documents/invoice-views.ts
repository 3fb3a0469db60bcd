import type { Anomaly, Invoice, InvoicePage, LineExplanation } from '@bastionary/contracts/invoices';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import type { Reader } from '@bastionary/prisma/client';
import { amountDue, isOverdue } from '../../rules/documents/amounts.js';
import { lineView, taxViews } from '../../rules/documents/invoice-document.js';
import { customerNames } from './customer-names.js';
import type { InvoiceHead, InvoiceRow } from './find-invoice.js';

/** An invoice as it stands in answers. */
export async function invoiceView(db: Reader, row: InvoiceRow, now: Date): Promise<Invoice> {
  const names = await customerNames(db, [row]);
  return {
    ...headView(row, names, now),
    taxes: taxViews(row.lines),
    lines: row.lines.map((line) => ({
      ...lineView(line),
      kind: line.kind as Invoice['lines'][number]['kind'],
      subscription_id: line.subscriptionId,
      explanation: line.explanation as LineExplanation,
    })),
  };
}

/** Several, without lines and taxes. */
export async function invoiceHeadViews(
  db: Reader,
  rows: readonly InvoiceHead[],
  now: Date,
): Promise<InvoicePage['data']> {
  const names = await customerNames(db, rows);
  return rows.map((row) => headView(row, names, now));
}

const headView = (row: InvoiceHead, names: ReadonlyMap<string, string>, now: Date): InvoicePage['data'][number] => ({
  id: row.id,
  number: row.number,
  status: row.status as Invoice['status'],
  scope: row.scope as Invoice['scope'],
  customer_id: row.customerId,
  customer_name: names.get(row.customerId) ?? '',
  subscription_id: row.subscriptionId,
  period: { start: toInstant(row.periodStart), end: toInstant(row.periodEnd) },
  currency: row.currency,
  subtotal: String(row.subtotal),
  discount: String(row.discount),
  tax: String(row.tax),
  total: String(row.total),
  credits_applied: String(row.creditsApplied),
  amount_paid: String(row.amountPaid),
  amount_credited: String(row.amountCredited),
  amount_due: String(amountDue(row)),
  finalize_at: toInstantOrNull(row.finalizeAt),
  anomalies: row.anomalies as Anomaly[],
  finalized_at: toInstantOrNull(row.finalizedAt),
  due_at: toInstantOrNull(row.dueAt),
  overdue: isOverdue(row, now),
  paid_at: toInstantOrNull(row.paidAt),
  voided_at: toInstantOrNull(row.voidedAt),
  uncollectible_at: toInstantOrNull(row.uncollectibleAt),
  document_hash: row.documentHash,
  dunning: { step: row.dunningStep, next_at: toInstantOrNull(row.nextDunningAt) },
  created_at: toInstant(row.createdAt),
  updated_at: toInstant(row.updatedAt),
});
