import { z } from 'zod';
import { currency } from './customers.js';
import { featureKey } from './entitlements.js';
import { positiveAmount } from './invoices.js';
import { page, pageQuery } from './page.js';
import { queryText, text } from './text.js';

const percent = z
  .string()
  .regex(/^(0|[1-9]\d{0,2})(\.\d{1,6})?$/, 'must be a decimal number of percent as text, such as 19')
  .refine((value) => Number(value) <= 100, 'must be at most 100');
const country = z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166 code of two capital letters');
const key = featureKey;

export const createTaxRateRequest = z
  .strictObject({
    key,
    name: text(100).describe('As it stands on documents: VAT'),
    country: country
      .nullish()
      .describe('Of the customers it is for; null: those of all countries that have none of their own'),
    percent,
    inclusive: z.boolean().default(false).describe('Whether prices hold the tax already'),
    reverse_charge: z
      .boolean()
      .default(false)
      .describe('Whether businesses with a tax id, in another country than SELLER_COUNTRY, account for it themselves'),
  })
  .meta({ id: 'CreateTaxRateRequest' });
export type CreateTaxRateRequest = z.infer<typeof createTaxRateRequest>;

export const taxRate = z
  .object({
    key: z.string(),
    name: z.string(),
    country: z.string().nullable(),
    percent: z.string(),
    inclusive: z.boolean(),
    reverse_charge: z.boolean(),
    created_at: z.string(),
    retired_at: z.string().nullable(),
  })
  .meta({ id: 'TaxRate' });
export type TaxRate = z.infer<typeof taxRate>;
export const taxRateList = z.object({ data: z.array(taxRate) }).meta({ id: 'TaxRateList' });
export type TaxRateList = z.infer<typeof taxRateList>;
export const taxRateParams = z.strictObject({ key });

export const createCouponRequest = z
  .strictObject({
    key,
    name: text(200),
    percent: percent.refine((value) => Number(value) > 0, 'must be more than 0').optional(),
    amount: positiveAmount.optional(),
    currency: currency.optional().describe('Of the amount'),
    duration: z.enum(['once', 'repeating', 'forever']),
    periods: z.int().min(1).max(1_000).optional().describe('Of a repeating one: for so many billing periods'),
  })
  .refine((body) => (body.percent === undefined) !== (body.amount === undefined), 'must have either percent or amount')
  .refine((body) => (body.amount === undefined) === (body.currency === undefined), {
    error: 'goes with an amount, and an amount with it',
    path: ['currency'],
  })
  .refine((body) => (body.duration === 'repeating') === (body.periods !== undefined), {
    error: 'goes with the duration repeating, and that with it',
    path: ['periods'],
  })
  .meta({ id: 'CreateCouponRequest' });
export type CreateCouponRequest = z.infer<typeof createCouponRequest>;

export const coupon = z
  .object({
    key: z.string(),
    name: z.string(),
    percent: z.string().nullable(),
    amount: z.string().nullable().describe('In minor units of the currency'),
    currency: z.string().nullable(),
    duration: z.enum(['once', 'repeating', 'forever']),
    periods: z.int().nullable(),
    created_at: z.string(),
    retired_at: z.string().nullable().describe('Given to nobody since; who has it keeps it'),
  })
  .meta({ id: 'Coupon' });
export type Coupon = z.infer<typeof coupon>;
export const couponList = z.object({ data: z.array(coupon) }).meta({ id: 'CouponList' });
export type CouponList = z.infer<typeof couponList>;
export const couponParams = z.strictObject({ key });

export const giveCouponRequest = z
  .strictObject({
    coupon: key,
    subscription_id: z
      .string()
      .max(64)
      .optional()
      .describe('Only of this subscription; default: of all of the customer'),
  })
  .meta({ id: 'GiveCouponRequest' });
export type GiveCouponRequest = z.infer<typeof giveCouponRequest>;

export const customerCoupon = z
  .object({
    id: z.string(),
    coupon,
    subscription_id: z.string().nullable(),
    discounted: z
      .array(z.object({ invoice_id: z.string(), amount: z.string() }))
      .describe('What it took off, drafts included'),
    created_at: z.string(),
  })
  .meta({ id: 'CustomerCoupon' });
export type CustomerCoupon = z.infer<typeof customerCoupon>;
export const customerCouponParams = z.strictObject({ customer_id: queryText(64), coupon_id: queryText(64) });

const fields = {
  tax_status: z.enum(['taxable', 'exempt']),
  tax_rate: key.nullable().describe('The key of the rate; null: that of the country'),
  proration: z.enum(['second', 'day']),
  net_days: z.int().min(0).max(365).nullable().describe('Days to pay; null: INVOICE_NET_DAYS'),
  collection: z
    .enum(['automatic', 'manual'])
    .describe('automatic: from the payment method at Stripe, where there is one; manual: never by itself'),
  address: z.array(text(200)).max(8).describe('Lines of the address on documents, after the name'),
};
export const updateBillingProfileRequest = z
  .strictObject(fields)
  .partial()
  .refine((body) => Object.keys(body).length > 0, 'must change at least one field')
  .meta({ id: 'UpdateBillingProfileRequest' });
export type UpdateBillingProfileRequest = z.infer<typeof updateBillingProfileRequest>;

export const billingProfile = z
  .object({
    customer_id: z.string(),
    currency: z.string(),
    ...fields,
    address: z.array(z.string()),
    coupons: z.array(customerCoupon).describe('In the order in which they are taken off'),
    updated_at: z.string().nullable(),
  })
  .meta({ id: 'BillingProfile' });
export type BillingProfile = z.infer<typeof billingProfile>;

export const billingRun = z
  .object({
    id: z.string(),
    horizon: z.string().describe('It bills everything that is due by then'),
    started_by: z.string(),
    status: z.enum(['waiting', 'running', 'done', 'failed']),
    due: z.int().describe('Subscriptions that are due at the moment'),
    examined: z.int(),
    drafted: z.int(),
    finalized: z.int(),
    rescheduled: z.int().describe('Customers somebody else was changing: still due, and taken again'),
    failed: z.int().describe('Still due, and tried again'),
    last_error: z.string().nullable(),
    started_at: z.string(),
    progress_at: z.string(),
    finished_at: z.string().nullable(),
  })
  .meta({ id: 'BillingRun' });
export type BillingRun = z.infer<typeof billingRun>;
export const billingRunPage = page(billingRun, 'BillingRunPage');
export type BillingRunPage = z.infer<typeof billingRunPage>;
/** A run takes everything that is due: there is nothing to say. */
export const startBillingRunRequest = z.strictObject({}).meta({ id: 'StartBillingRunRequest' });
export const billingRunListQuery = z.strictObject(pageQuery);
export type BillingRunListQuery = z.infer<typeof billingRunListQuery>;
