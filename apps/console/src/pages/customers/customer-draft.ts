import { type Customer, createCustomerRequest } from '@bastionary/contracts/customers';
import type { z } from 'zod';

export type MetadataRow = { key: string; name: string; value: string };

/** What the fields of a customer hold. */
export type CustomerDraft = {
  name: string;
  email: string;
  currency: string;
  country: string;
  time_zone: string;
  tax_id: string;
  external_id: string;
  metadata: MetadataRow[];
};
export type CustomerFaults = Partial<Record<string, string>>;

let rows = 0;
export const metadataRow = (name = '', value = ''): MetadataRow => {
  rows += 1;
  return { key: `row-${rows}`, name, value };
};

export const emptyCustomer = (): CustomerDraft => ({
  name: '',
  email: '',
  currency: '',
  country: '',
  time_zone: 'UTC',
  tax_id: '',
  external_id: '',
  metadata: [],
});

export const readCustomer = (customer: Customer): CustomerDraft => ({
  name: customer.name,
  email: customer.email,
  currency: customer.currency,
  country: customer.country ?? '',
  time_zone: customer.time_zone,
  tax_id: customer.tax_id ?? '',
  external_id: customer.external_id ?? '',
  // By name, not by row: the draft is compared with the customer.
  metadata: Object.entries(customer.metadata).map(([name, value]) => ({ key: name, name, value })),
});

const optional = (typed: string) => typed.trim() || null;

/** The body of a request; or what is wrong, by field. */
export const writeCustomer = (
  draft: CustomerDraft,
): { body: z.output<typeof createCustomerRequest> } | { faults: CustomerFaults } => {
  const named = draft.metadata.filter(({ name, value }) => name.trim() !== '' || value.trim() !== '');
  const names = named.map(({ name }) => name.trim());
  if (new Set(names).size < names.length) return { faults: { metadata: 'must not have one name twice' } };
  const { data, error } = createCustomerRequest.safeParse({
    name: draft.name,
    email: draft.email.trim(),
    currency: draft.currency,
    country: optional(draft.country),
    time_zone: draft.time_zone,
    tax_id: optional(draft.tax_id),
    external_id: optional(draft.external_id),
    metadata: Object.fromEntries(named.map(({ name, value }) => [name.trim(), value])),
  });
  if (data) return { body: data };
  const faults: CustomerFaults = {};
  for (const { path, message } of error.issues) {
    const [field, entry] = path.map(String);
    faults[field ?? 'name'] ??= entry === undefined ? message : `${entry || 'A name'}: ${message}`;
  }
  if (draft.currency === '') faults.currency = 'Choose one.';
  return { faults };
};
