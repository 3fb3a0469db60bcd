import { amountDue, type InvoiceAmounts } from './amounts.js';

/** An invoice and the money that moved for it, in minor units. */
export interface InvoiceMoney extends InvoiceAmounts {
  /** Came in by payments */
  readonly received: bigint;
  /** Went back of them */
  readonly paidBack: bigint;
}

/**
 * What is open again of an invoice because money went back that no credit note waived; what was paid beyond it went back
 * first. On top of what is due.
 */
export function openAgain(invoice: InvoiceMoney): bigint {
  if (invoice.status === 'void') return 0n;
  const asked = invoice.total - invoice.creditsApplied - invoice.amountCredited;
  const beyond = invoice.received > asked ? invoice.received - asked : 0n;
  return invoice.paidBack > beyond ? invoice.paidBack - beyond : 0n;
}

/** Whether these were paid by money, and all of it went back. What the wallet paid does not count: it was no money of these. */
export function isPaidBack(invoices: readonly InvoiceMoney[]): boolean {
  const received = invoices.reduce((sum, invoice) => sum + invoice.received, 0n);
  const paidBack = invoices.reduce((sum, invoice) => sum + invoice.paidBack, 0n);
  return received > 0n && received === paidBack;
}

/** Whether these are paid, and not only because they were credited or paid back. */
export const isPaidAgain = (invoices: readonly InvoiceMoney[]): boolean =>
  invoices.some(({ received, paidBack }) => received > paidBack) &&
  invoices.every((invoice) => amountDue(invoice) === 0n && openAgain(invoice) === 0n);
