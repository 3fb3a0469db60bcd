import { z } from 'zod';
import { page, pageQuery } from './page.js';
import { instant, queryText } from './text.js';

const pageUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .max(2_000)
  .describe('Stripe sends the browser there');

export const checkoutRequest = z
  .strictObject({
    success_url: pageUrl,
    cancel_url: pageUrl,
    invoice_id: z
      .string()
      .max(64)
      .optional()
      .describe('Pays this invoice too; without it the customer only leaves a payment method'),
  })
  .meta({ id: 'CheckoutRequest' });
export type CheckoutRequest = z.infer<typeof checkoutRequest>;

export const billingPortalRequest = z
  .strictObject({ return_url: pageUrl.optional() })
  .meta({ id: 'BillingPortalRequest' });
export type BillingPortalRequest = z.infer<typeof billingPortalRequest>;

export const stripePage = z.object({ url: z.string() }).meta({ id: 'StripePage' });
export type StripePage = z.infer<typeof stripePage>;

/** How a customer pays, and what was tried of late. */
export const paymentMethod = z
  .object({
    type: z.string(),
    brand: z.string().nullable(),
    last4: z.string().nullable(),
    exp_month: z.int().nullable(),
    exp_year: z.int().nullable(),
  })
  .meta({ id: 'PaymentMethod' });

export const collectionAttempt = z
  .object({
    id: z.string(),
    invoice_id: z.string(),
    customer_id: z.string(),
    number: z.int(),
    kind: z.enum(['off_session', 'checkout']),
    currency: z.string(),
    amount: z.string().describe('In minor units of the currency'),
    state: z
      .enum(['planned', 'unknown', 'processing', 'requires_action', 'declined', 'refused', 'succeeded', 'canceled'])
      .describe('unknown: asked, and the answer got lost; it is asked again under the same key until it is known'),
    payment_intent: z.string().nullable(),
    failure_code: z.string().nullable(),
    failure_message: z.string().nullable(),
    tries: z.int().describe('How often Stripe was asked'),
    next_try_at: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'CollectionAttempt' });
export type CollectionAttempt = z.infer<typeof collectionAttempt>;

export const stripeStatus = z
  .object({
    connected: z.boolean(),
    customer: z.object({ stripe_id: z.string(), payment_method: paymentMethod.nullable() }).nullable(),
    attempts: z.array(collectionAttempt).describe('The last 50, the newest first'),
  })
  .meta({ id: 'CustomerStripe' });
export type CustomerStripe = z.infer<typeof stripeStatus>;

/** The window is half-open. Default: the last STRIPE_RECONCILE_DAYS days. */
export const reconciliationRequest = z
  .strictObject({
    from: instant.optional(),
    to: instant.optional(),
    repair: z.boolean().default(false).describe('true: mends what can be mended by asking Stripe again'),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
    path: ['to'],
    message: 'must be after from',
  })
  .meta({ id: 'ReconciliationRequest' });
export type ReconciliationRequest = z.infer<typeof reconciliationRequest>;

const counts = z.object({
  matched: z.int(),
  missing_here: z.int(),
  missing_there: z.int(),
  differs: z.int(),
  repaired: z.int(),
});

export const reconciliation = z
  .object({
    id: z.string(),
    from: z.string(),
    to: z.string(),
    state: z.enum(['queued', 'running', 'done', 'failed']),
    repair: z.boolean(),
    requested_by: z.string(),
    counts,
    error: z.string().nullable(),
    created_at: z.string(),
    finished_at: z.string().nullable(),
  })
  .meta({ id: 'Reconciliation' });
export type Reconciliation = z.infer<typeof reconciliation>;

export const reconciliationRow = z
  .object({
    position: z.int(),
    kind: z.enum(['payment', 'refund', 'attempt', 'customer']),
    state: z.enum(['matched', 'missing_here', 'missing_there', 'differs']),
    stripe_id: z.string().nullable(),
    our_id: z.string().nullable(),
    customer_id: z.string().nullable(),
    invoice_id: z.string().nullable(),
    currency: z.string().nullable(),
    here: z.string().nullable().describe('Our amount, in minor units'),
    there: z.string().nullable().describe('Stripe’s amount, in minor units'),
    detail: z.string(),
    repair: z
      .enum(['read_again', 'ask_again', 'look'])
      .nullable()
      .describe(
        'What mends it. read_again: our books take over what Stripe says; ask_again: Stripe is asked once more under the same key; look: somebody has to',
      ),
    repaired_at: z.string().nullable(),
    repaired_by: z.string().nullable(),
  })
  .meta({ id: 'ReconciliationRow' });
export type ReconciliationRow = z.infer<typeof reconciliationRow>;

export const reconciliationListQuery = z.strictObject(pageQuery);
export type ReconciliationListQuery = z.infer<typeof reconciliationListQuery>;
export const reconciliationPage = page(reconciliation, 'ReconciliationPage');
export type ReconciliationPage = z.infer<typeof reconciliationPage>;

export const reconciliationRowsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z.coerce.number().int().min(0).optional().describe('Position of the last row of the page before'),
  all: z.stringbool().default(false).describe('true: also what matched'),
});
export type ReconciliationRowsQuery = z.infer<typeof reconciliationRowsQuery>;
export const reconciliationDetail = z
  .object({ ...reconciliation.shape, rows: z.array(reconciliationRow) })
  .meta({ id: 'ReconciliationDetail' });
export type ReconciliationDetail = z.infer<typeof reconciliationDetail>;

export const reconciliationParams = z.strictObject({ reconciliation_id: queryText(64) });
export const reconciliationRowParams = z.strictObject({
  reconciliation_id: queryText(64),
  position: z.coerce.number().int().min(0),
});
