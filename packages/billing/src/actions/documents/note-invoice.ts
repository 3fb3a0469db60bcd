import type { EventType } from '@bastionary/contracts/events';
import { customerEvent } from '@bastionary/entitlements/rules/customer-event';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Transaction } from '@bastionary/prisma/client';

export type InvoiceEventType = Extract<EventType, `invoice.${string}` | `payment.${string}` | `credit_note.${string}`>;

/** Something that happened to an invoice, as audit records and events tell it. */
export interface InvoiceNote {
  readonly type: InvoiceEventType;
  readonly invoice: { readonly id: string; readonly number: string | null; readonly customerId: string };
  readonly detail: Record<string, unknown>;
}

/** Writes what happened to invoices, in two statements, before the snapshots that follow from it. */
export async function noteInvoices(tx: Transaction, origin: Origin, ...notes: readonly InvoiceNote[]): Promise<void> {
  const records = notes.map(({ type, invoice, detail }) => ({ action: type, target: `invoice:${invoice.id}`, detail }));
  await appendAudit(tx, origin, ...records);
  const events = notes.map(({ type, invoice: { id, number, customerId }, detail }) =>
    customerEvent(type, customerId, { invoice_id: id, invoice_number: number, ...detail }),
  );
  await appendEvent(tx, ...events);
}
