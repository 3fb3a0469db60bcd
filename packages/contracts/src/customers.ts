import { z } from 'zod';
import { page, pageQuery } from './page.js';
import { instant, queryText, text } from './text.js';

export const customerStatus = z.enum(['active', 'suspended']);
export type CustomerStatus = z.infer<typeof customerStatus>;

// ISO 4217: three capital letters; which of them exist is for the runtime's own list to say.
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as EUR')
  .refine((code) => CURRENCIES.has(code), 'is no currency of ISO 4217');

const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};
export const timeZone = z
  .string()
  .max(64)
  .regex(/^[A-Za-z][A-Za-z0-9_+/-]*$/, 'must be a name such as Europe/Berlin')
  .refine(isTimeZone, 'is no time zone of the tz database');

const country = z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166 code of two capital letters');
const email = z.email('must be an e-mail address').max(254);
const metadata = z
  .record(z.string().regex(/^[A-Za-z0-9._-]{1,64}$/), text(500))
  .refine((entries) => Object.keys(entries).length <= 50, 'must hold at most 50 entries');

const fields = {
  name: text(200),
  email,
  currency,
  country: country.nullish(),
  time_zone: timeZone.optional().describe('Default: UTC. Billing periods are computed in it'),
  tax_id: text(64).nullish(),
  external_id: text(128).nullish().describe('The id the customer has in your own books; unique'),
  metadata: metadata.optional(),
};

export const createCustomerRequest = z.strictObject(fields).meta({ id: 'CreateCustomerRequest' });
export type CreateCustomerRequest = z.infer<typeof createCustomerRequest>;

/** The currency is not among them: documents in the old one would not add up with those in the new. */
export const updateCustomerRequest = z
  .strictObject({ ...fields, status: customerStatus })
  .omit({ currency: true })
  .partial()
  .refine((body) => Object.keys(body).length > 0, 'must change at least one field')
  .meta({ id: 'UpdateCustomerRequest' });
export type UpdateCustomerRequest = z.infer<typeof updateCustomerRequest>;

export const customer = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    currency: z.string(),
    country: z.string().nullable(),
    time_zone: z.string(),
    tax_id: z.string().nullable(),
    external_id: z.string().nullable(),
    metadata: z.record(z.string(), z.string()),
    status: customerStatus,
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Customer' });
export type Customer = z.infer<typeof customer>;

export const customerListQuery = z.strictObject({
  ...pageQuery,
  search: queryText(200).optional().describe('Part of the name, e-mail or external id, or an id, in any case'),
  status: customerStatus.optional(),
});
export type CustomerListQuery = z.infer<typeof customerListQuery>;
export const customerPage = page(customer, 'CustomerPage');
export type CustomerPage = z.infer<typeof customerPage>;

export const customerId = z.string().regex(/^cus_[0-9a-z]{26}$/, 'must be the id of a customer: cus_…');
export const customerParams = z.strictObject({ customer_id: queryText(64) });

export const entitlementsQuery = z.strictObject({ at: instant.optional() });
