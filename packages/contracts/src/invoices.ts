import { z } from 'zod';
import { currency } from './customers.js';
import { page, pageQuery } from './page.js';
import { instant, queryText, text } from './text.js';

/** An amount in minor units: 1234 is EUR 12.34, JPY 1234 and KWD 1.234. */
const amount = z.string().describe('In minor units of the currency');
/** What somebody gives: more than nothing, at most 18 digits. */
export const positiveAmount = z
  .string()
  .regex(/^[1-9]\d{0,17}$/, 'must be a positive whole number of minor units, such as 1234')
  .describe('In minor units of the currency');

export const invoiceStatus = z.enum(['draft', 'open', 'paid', 'void', 'uncollectible']);
export type InvoiceStatus = z.infer<typeof invoiceStatus>;
export const invoiceScope = z.enum(['cycle', 'period', 'manual']);
export const lineKind = z.enum(['charge', 'proration', 'adjustment', 'minimum', 'manual']);

const span = z.object({ start: z.string(), end: z.string() });

/** One step on the way from facts to an amount. Amounts are exact, in minor units, until the last: `rounded`. */
export const explanation = z
  .object({
    text: z.string().describe('The whole of it in one sentence'),
    usage: z
      .object({
        meter: z.string(),
        from: z.string(),
        to: z.string(),
        events: z.string(),
        quantity: z.string(),
        watermark: z.string().describe('Events that arrive after it are an adjustment of the next invoice'),
      })
      .optional(),
    steps: z.array(z.record(z.string(), z.json())).describe('Free units, tiers, packages, rates, minimum: in order'),
    share: z
      .object({ numerator: z.string(), denominator: z.string(), unit: z.enum(['milliseconds', 'days']) })
      .optional()
      .describe('The part of the period that was served, if not all of it'),
    corrects: z
      .object({ invoice: z.string().nullable(), amount: z.string(), period: span })
      .optional()
      .describe('What was billed before for the same; the line is the difference'),
    exact: z.string(),
    rounded: z.string(),
  })
  .meta({ id: 'LineExplanation' });
export type LineExplanation = z.infer<typeof explanation>;

export const invoiceLine = z
  .object({
    id: z.string().nullable().describe('null in a preview'),
    kind: lineKind,
    description: z.string(),
    subscription_id: z.string().nullable(),
    plan: z.string().nullable().describe('key@version'),
    price: z.string().nullable().describe('The key of the price'),
    quantity: z.string(),
    period: span.nullable(),
    service: span.nullable().describe('What was served of the period'),
    amount: amount.describe('Net of nothing: before discount and tax, in minor units'),
    discount: amount,
    tax: amount,
    tax_rate: z.string().nullable().describe('Percent'),
    tax_name: z.string().nullable(),
    tax_inclusive: z.boolean(),
    explanation,
  })
  .meta({ id: 'InvoiceLine' });
export type InvoiceLine = z.infer<typeof invoiceLine>;

export const anomaly = z
  .object({ code: z.string(), detail: z.string(), before: amount.nullable(), now: amount.nullable() })
  .meta({ id: 'InvoiceAnomaly' });
export type Anomaly = z.infer<typeof anomaly>;

const sums = {
  currency: z.string(),
  subtotal: amount.describe('Sum of the lines before discounts'),
  discount: amount,
  tax: amount,
  total: amount.describe('Sum of the printed lines: amount - discount, and tax where it is not included'),
};

const taxLine = z.object({
  name: z.string().nullable(),
  rate: z.string().nullable().describe('Percent'),
  net: amount,
  tax: amount,
  inclusive: z.boolean(),
  note: z.string().nullable().describe('For example why no tax is due: reverse charge'),
});

export const invoice = z
  .object({
    id: z.string(),
    number: z.string().nullable().describe('Given when it is finalized; void ones keep theirs'),
    status: invoiceStatus,
    scope: invoiceScope,
    customer_id: z.string(),
    customer_name: z.string(),
    subscription_id: z.string().nullable(),
    period: span,
    ...sums,
    taxes: z.array(taxLine),
    lines: z.array(invoiceLine),
    credits_applied: amount.describe('Taken from the wallet of the customer'),
    amount_paid: amount.describe('Payments received'),
    amount_credited: amount.describe('Taken back by credit notes'),
    amount_due: amount,
    finalize_at: z.string().nullable().describe('A draft goes out by itself then; null: when somebody finalizes it'),
    anomalies: z.array(anomaly).describe('Why a draft deserves a look, against the period before'),
    finalized_at: z.string().nullable(),
    due_at: z.string().nullable(),
    overdue: z.boolean(),
    paid_at: z.string().nullable(),
    voided_at: z.string().nullable(),
    uncollectible_at: z.string().nullable(),
    document_hash: z.string().nullable().describe('SHA-256 of the canonical JSON of the finalized document, base64url'),
    dunning: z.object({ step: z.int(), next_at: z.string().nullable() }),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Invoice' });
export type Invoice = z.infer<typeof invoice>;

export const composeInvoiceRequest = z
  .strictObject({
    subscription_id: z.string().max(64),
    period: z.enum(['current', 'previous']).default('current'),
  })
  .meta({ id: 'ComposeInvoiceRequest' });
export type ComposeInvoiceRequest = z.infer<typeof composeInvoiceRequest>;

/** An invoice whose lines are written by hand, for what no subscription says. */
export const manualInvoiceRequest = z
  .strictObject({
    customer_id: z.string().max(64),
    lines: z
      .array(
        z.strictObject({
          description: text(500),
          quantity: z
            .string()
            .regex(/^\d{1,12}(\.\d{1,12})?$/, 'must be a decimal number')
            .default('1'),
          unit_amount: z.string().regex(/^-?\d{1,18}(\.\d{1,12})?$/, 'must be a decimal number of minor units'),
        }),
      )
      .min(1)
      .max(200),
  })
  .meta({ id: 'ManualInvoiceRequest' });
export type ManualInvoiceRequest = z.infer<typeof manualInvoiceRequest>;
export const createInvoiceRequest = z.union([composeInvoiceRequest, manualInvoiceRequest]);
export type CreateInvoiceRequest = z.infer<typeof createInvoiceRequest>;

export const invoicePreview = z
  .object({
    subscription_id: z.string(),
    customer_id: z.string(),
    period: span,
    ...sums,
    taxes: z.array(taxLine),
    lines: z.array(invoiceLine),
    credits_available: amount.describe('What the wallet would pay of it'),
    amount_due: amount,
  })
  .meta({ id: 'InvoicePreview' });
export type InvoicePreview = z.infer<typeof invoicePreview>;

/** Of a draft only when it goes out can be changed: null holds it for review. */
export const updateInvoiceRequest = z
  .strictObject({ finalize_at: instant.nullable() })
  .meta({ id: 'UpdateInvoiceRequest' });
export type UpdateInvoiceRequest = z.infer<typeof updateInvoiceRequest>;

export const voidInvoiceRequest = z
  .strictObject({
    reason: text(500),
    rebill: z.boolean().default(false).describe('true: what it asked for is owed again, on the next invoice'),
  })
  .partial({ reason: true })
  .meta({ id: 'VoidInvoiceRequest' });
export type VoidInvoiceRequest = z.infer<typeof voidInvoiceRequest>;

export const recordPaymentRequest = z
  .strictObject({
    amount: positiveAmount,
    reference: text(200).describe('Of the transfer: the same reference again is the same payment'),
    received_at: instant.optional(),
  })
  .meta({ id: 'RecordPaymentRequest' });
export type RecordPaymentRequest = z.infer<typeof recordPaymentRequest>;

export const payment = z
  .object({
    id: z.string(),
    customer_id: z.string(),
    customer_name: z.string(),
    invoice_id: z.string().nullable(),
    invoice_number: z.string().nullable(),
    provider: z.enum(['manual', 'stripe']),
    reference: z.string(),
    currency: z.string(),
    amount,
    refunded: amount,
    received_at: z.string(),
    created_at: z.string(),
  })
  .meta({ id: 'Payment' });
export type Payment = z.infer<typeof payment>;

/** What a refund does to a subscription once all that was paid for its current period has gone back. */
const access = z
  .enum(['suspend', 'keep'])
  .default('suspend')
  .describe('Once all that was paid for the current period of a subscription has gone back: suspend it, or not');

export const refundRequest = z
  .strictObject({
    amount: positiveAmount.optional().describe('Default: all that is left of it'),
    reason: text(500),
    access,
  })
  .meta({ id: 'RefundRequest' });
export type RefundRequest = z.infer<typeof refundRequest>;
export const refund = z
  .object({
    id: z.string(),
    payment_id: z.string(),
    credit_note_id: z.string().nullable(),
    provider: z.enum(['manual', 'stripe']),
    currency: z.string(),
    amount,
    status: z.enum(['pending', 'succeeded', 'failed']),
    reason: z.string(),
    created_at: z.string(),
  })
  .meta({ id: 'Refund' });
export type Refund = z.infer<typeof refund>;

/** What is taken back: all that is left of the invoice, or parts of its lines (net; the tax follows). */
export const creditNoteRequest = z
  .strictObject({
    reason: text(500),
    amount: positiveAmount.optional().describe('Gross; spread over the lines. Default: all that is left'),
    lines: z
      .array(z.strictObject({ line_id: z.string().max(64), amount: positiveAmount.describe('Net') }))
      .min(1)
      .max(500)
      .optional(),
    paid_part: z
      .enum(['wallet', 'refund'])
      .default('wallet')
      .describe('What was paid already goes to the wallet, or back the way it came'),
    access,
  })
  .refine((body) => body.amount === undefined || body.lines === undefined, 'must name an amount or lines, not both')
  .meta({ id: 'CreditNoteRequest' });
export type CreditNoteRequest = z.infer<typeof creditNoteRequest>;

export const creditNote = z
  .object({
    id: z.string(),
    number: z.string(),
    invoice_id: z.string(),
    invoice_number: z.string(),
    customer_id: z.string(),
    customer_name: z.string(),
    currency: z.string(),
    subtotal: amount,
    tax: amount,
    total: amount,
    to_invoice: amount.describe('Lessens what is due'),
    to_refund: amount,
    to_wallet: amount,
    reason: z.string(),
    lines: z.array(z.object({ invoice_line_id: z.string(), description: z.string(), amount, tax: amount })),
    document_hash: z.string(),
    created_at: z.string(),
  })
  .meta({ id: 'CreditNote' });
export type CreditNote = z.infer<typeof creditNote>;

/** Everything that happened to an invoice, in order. */
export const invoiceEvents = z
  .object({
    data: z.array(
      z.object({
        at: z.string(),
        what: z.string(),
        actor: z.string().nullable(),
        detail: z.record(z.string(), z.json()),
      }),
    ),
  })
  .meta({ id: 'InvoiceEvents' });
export type InvoiceEvents = z.infer<typeof invoiceEvents>;

/** Whether what is stored is what was finalized. */
export const documentVerification = z
  .object({
    ok: z.boolean(),
    series: z.string(),
    documents: z.int().describe('How many were looked at'),
    differences: z.array(
      z.object({ number: z.string(), code: z.string(), detail: z.string().describe('What differs, and from what') }),
    ),
  })
  .meta({ id: 'DocumentVerification' });
export type DocumentVerification = z.infer<typeof documentVerification>;
export const seriesParams = z.strictObject({ series: queryText(16) });

export const invoiceParams = z.strictObject({ invoice_id: queryText(64) });
export const paymentParams = z.strictObject({ payment_id: queryText(64) });
export const creditNoteParams = z.strictObject({ credit_note_id: queryText(64) });

const listFilters = {
  ...pageQuery,
  customer_id: queryText(64).optional(),
  currency: currency.optional(),
  from: instant.optional(),
  to: instant.optional(),
};
export const invoiceListQuery = z.strictObject({
  ...listFilters,
  status: invoiceStatus.optional(),
  overdue: z.stringbool().optional(),
  anomalous: z.stringbool().optional().describe('Drafts that deserve a look'),
  subscription_id: queryText(64).optional(),
  search: queryText(100).optional().describe('Number, or part of the customer’s name'),
});
export type InvoiceListQuery = z.infer<typeof invoiceListQuery>;
export const invoicePage = page(invoice.omit({ lines: true, taxes: true }), 'InvoicePage');
export type InvoicePage = z.infer<typeof invoicePage>;
export const paymentListQuery = z.strictObject({ ...listFilters, invoice_id: queryText(64).optional() });
export type PaymentListQuery = z.infer<typeof paymentListQuery>;
export const paymentPage = page(payment, 'PaymentPage');
export type PaymentPage = z.infer<typeof paymentPage>;
export const creditNoteListQuery = z.strictObject({ ...listFilters, invoice_id: queryText(64).optional() });
export type CreditNoteListQuery = z.infer<typeof creditNoteListQuery>;
export const creditNotePage = page(creditNote, 'CreditNotePage');
export type CreditNotePage = z.infer<typeof creditNotePage>;
