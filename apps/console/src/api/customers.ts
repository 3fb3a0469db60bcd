import { customerOverview } from '@bastionary/contracts/customer-overview';
import {
  type CreateCustomerRequest,
  type Customer,
  type CustomerStatus,
  customer,
  customerPage,
  type UpdateCustomerRequest,
} from '@bastionary/contracts/customers';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { fetchJson, fetchVersioned, queryString } from './http';

export type CustomerFilter = {
  search?: string | undefined;
  status?: CustomerStatus | undefined;
  cursor?: string | undefined;
  limit?: number;
};

export const customerPath = (id: string) => `/api/customers/${encodeURIComponent(id)}`;

export const customerKeys = {
  all: ['customers'] as const,
  one: (id: string) => ['customers', 'one', id] as const,
};

export const customersQuery = ({ limit = 25, ...filter }: CustomerFilter) =>
  queryOptions({
    queryKey: [...customerKeys.all, 'list', { limit, ...filter }],
    queryFn: ({ signal }) => fetchJson(customerPage, `/api/customers${queryString({ limit, ...filter })}`, { signal }),
    placeholderData: keepPreviousData,
  });

/** A customer together with the ETag that an edit has to name. */
export type VersionedCustomer = { customer: Customer; etag: string };

export const customerQuery = (id: string) =>
  queryOptions({
    queryKey: customerKeys.one(id),
    queryFn: async ({ signal }): Promise<VersionedCustomer> => {
      const { body, etag } = await fetchVersioned(customer, customerPath(id), { signal });
      return { customer: body, etag };
    },
  });

export const customerOverviewQuery = (id: string) =>
  queryOptions({
    queryKey: [...customerKeys.one(id), 'overview'],
    queryFn: ({ signal }) => fetchJson(customerOverview, `${customerPath(id)}/overview`, { signal }),
  });

export const createCustomer = (body: CreateCustomerRequest, key: string) =>
  fetchJson(customer, '/api/customers', { method: 'POST', body, headers: { 'idempotency-key': key } });

export const updateCustomer = async (
  id: string,
  version: string,
  change: UpdateCustomerRequest,
): Promise<VersionedCustomer> => {
  const options = { method: 'PATCH', body: change, headers: { 'if-match': version } } as const;
  const { body, etag } = await fetchVersioned(customer, customerPath(id), options);
  return { customer: body, etag };
};
