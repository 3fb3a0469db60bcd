import { z } from 'zod';
import { asOf, definition, ofCurrency, ofSpan, rows, signedAmount, span, who } from './finance-lists.js';
import { pageQuery } from './page.js';
import { queryText } from './text.js';

/** `GET /api/finance/cash` (and `.csv`): payments and what was paid back, the newest first. */
export const cashQuery = z.strictObject({
  ...ofCurrency,
  ...ofSpan,
  ...pageQuery,
  kind: z.enum(['payment', 'refund']).optional(),
  customer_id: queryText(64).optional(),
});
export type CashQuery = z.infer<typeof cashQuery>;
export const cashRow = z.object({
  id: z.string(),
  at: z.string(),
  kind: z.enum(['payment', 'refund']),
  ...who,
  invoice_id: z.string().nullable(),
  invoice_number: z.string().nullable(),
  provider: z.string(),
  reference: z.string(),
  amount: signedAmount.describe('A refund is negative'),
});
export const cashRows = rows(cashRow, 'CashRows');
export type CashRows = z.infer<typeof cashRows>;

/** `GET /api/finance/failed-payments` (and `.csv`): attempts to collect that failed. */
export const failedPaymentsQuery = z.strictObject({
  ...ofCurrency,
  ...ofSpan,
  ...pageQuery,
  customer_id: queryText(64).optional(),
});
export type FailedPaymentsQuery = z.infer<typeof failedPaymentsQuery>;
export const failedPayment = z.object({
  at: z.string(),
  ...who,
  invoice_id: z.string(),
  invoice_number: z.string(),
  provider: z.string(),
  reason: z.string().nullable(),
  status: z.string().describe('Of the invoice now'),
  amount: signedAmount.describe('That was tried'),
});
export const failedPaymentRows = rows(failedPayment, 'FailedPayments');
export type FailedPaymentRows = z.infer<typeof failedPaymentRows>;

/** `GET /api/finance/unbilled-usage` (and `.csv`): metered charges that no finalized invoice holds yet, the largest first. */
export const unbilledUsageQuery = z.strictObject({
  ...ofCurrency,
  ...pageQuery,
  customer_id: queryText(64).optional(),
});
export type UnbilledUsageQuery = z.infer<typeof unbilledUsageQuery>;
export const unbilledUsageRow = z.object({
  ...who,
  subscription_id: z.string(),
  plan: z.string().describe('key@version'),
  price: z.string(),
  meter: z.string(),
  period: z.object({ start: z.string(), end: z.string() }),
  quantity: z.string(),
  amount: signedAmount.describe('Before coupons, tax and minimum spend'),
});
export const unbilledUsageRows = rows(unbilledUsageRow, 'UnbilledUsage').extend({ as_of: z.string() });
export type UnbilledUsageRows = z.infer<typeof unbilledUsageRows>;

/** `GET /api/finance/wallets`: prepaid money owed to customers, and how it is used up. */
export const walletsSummaryQuery = z.strictObject({
  ...ofCurrency,
  ...ofSpan,
  window: z.enum(['day', 'week', 'month']).default('month'),
});
export type WalletsSummaryQuery = z.infer<typeof walletsSummaryQuery>;
export const walletsSummary = z
  .object({
    currency: z.string(),
    definition,
    ...span,
    balance: signedAmount.describe('At `to`: what customers can still use'),
    expiring: signedAmount.describe('Of it within 30 days after `to`'),
    customers: z.int(),
    data: z.array(
      z.object({
        ...span,
        start: signedAmount,
        granted: signedAmount,
        applied: signedAmount.describe('Taken by invoices: not positive'),
        returned: signedAmount,
        expired: signedAmount,
        voided: signedAmount,
        end: signedAmount,
      }),
    ),
  })
  .meta({ id: 'WalletsSummary' });
export type WalletsSummary = z.infer<typeof walletsSummary>;

/** `GET /api/finance/wallets/customers` (and `.csv`): who has how much, the most first. */
export const walletCustomersQuery = z.strictObject({ ...ofCurrency, ...asOf, ...pageQuery });
export type WalletCustomersQuery = z.infer<typeof walletCustomersQuery>;
export const walletCustomer = z.object({
  ...who,
  expiring: signedAmount.describe('Within 30 days'),
  next_expiry: z.string().nullable(),
  amount: signedAmount,
});
export const walletCustomerRows = rows(walletCustomer, 'WalletCustomers');
export type WalletCustomerRows = z.infer<typeof walletCustomerRows>;
