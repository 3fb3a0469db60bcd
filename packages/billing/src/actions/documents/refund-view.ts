import type { Refund } from '@bastionary/contracts/invoices';
import { toInstant } from '@bastionary/contracts/text';
import type { RefundRow } from './refund-payment.js';

/** A refund as it stands in answers. */
export const refundView = (row: RefundRow): Refund => ({
  id: row.id,
  payment_id: row.paymentId,
  credit_note_id: row.creditNoteId,
  provider: row.provider as Refund['provider'],
  currency: row.currency,
  amount: String(row.amount),
  status: row.status as Refund['status'],
  reason: row.reason,
  created_at: toInstant(row.createdAt),
});
