import { z } from 'zod';

/** What somebody looks at first: the tabs above the list. */
export const INVOICE_VIEWS = ['all', 'review', 'drafts', 'open', 'overdue', 'paid'] as const;
export type InvoiceView = (typeof INVOICE_VIEWS)[number];

const words = (length: number) => z.string().max(length).optional().catch(undefined);

export const invoiceListSearch = z.object({
  view: z.enum(INVOICE_VIEWS).optional().catch(undefined),
  search: words(100),
  customer_id: words(64),
  subscription_id: words(64),
  currency: words(3),
  from: words(40),
  to: words(40),
  cursor: words(512),
});
export type InvoiceListSearch = z.infer<typeof invoiceListSearch>;
