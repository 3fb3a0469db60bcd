import type { InvoiceEvents } from '@bastionary/contracts/invoices';
import { toInstant } from '@bastionary/contracts/text';
import type { Reader } from '@bastionary/prisma/client';
import { getInvoice } from './find-invoice.js';

const LONGEST = 1_000;

/**
 * What the audit log says about an invoice, the oldest first.
 * @throws AppError not_found
 */
export async function invoiceTimeline(db: Reader, id: string): Promise<InvoiceEvents> {
  await getInvoice(db, id);
  const records = await db.auditLog.findMany({
    where: { target: `invoice:${id}` },
    orderBy: { seq: 'asc' },
    take: LONGEST,
  });
  return {
    data: records.map(({ at, action, actor, detail }) => ({
      at: toInstant(at),
      what: action,
      actor,
      detail: JSON.parse(detail),
    })),
  };
}
