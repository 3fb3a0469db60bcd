import {
  type createLicensePolicyRequest,
  type LicensePolicy,
  licensePolicy,
  licensePolicyPage,
  type UpdateLicensePolicyRequest,
} from '@bastionary/contracts/license-policies';
import { licenseProductList } from '@bastionary/contracts/licenses';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { fetchJson, fetchVersioned, queryString } from './http';

const PATH = '/api/license-policies';
const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;

export const policyKeys = {
  all: ['license-policies'] as const,
  one: (id: string) => ['license-policies', 'one', id] as const,
};

export type PolicyFilter = { search?: string | undefined; cursor?: string | undefined; limit?: number };

export const policiesQuery = ({ limit = 25, ...filter }: PolicyFilter) =>
  queryOptions({
    queryKey: [...policyKeys.all, 'list', { limit, ...filter }],
    queryFn: ({ signal }) => fetchJson(licensePolicyPage, `${PATH}${queryString({ limit, ...filter })}`, { signal }),
    placeholderData: keepPreviousData,
  });

/** Those to choose from. */
export const policyChoicesQuery = policiesQuery({ limit: 100 });

/** A policy together with the ETag that a change has to name. */
export type VersionedPolicy = { policy: LicensePolicy; etag: string };

export const policyQuery = (id: string) =>
  queryOptions({
    queryKey: policyKeys.one(id),
    queryFn: async ({ signal }): Promise<VersionedPolicy> => {
      const { body, etag } = await fetchVersioned(licensePolicy, pathOf(id), { signal });
      return { policy: body, etag };
    },
  });

/** As it is sent: the api fills in what is left out. */
export type PolicyRequest = z.input<typeof createLicensePolicyRequest>;

export const createPolicy = (body: PolicyRequest, key: string) =>
  fetchJson(licensePolicy, PATH, { method: 'POST', body, headers: { 'idempotency-key': key } });

export const updatePolicy = async (
  id: string,
  version: string,
  change: UpdateLicensePolicyRequest,
): Promise<VersionedPolicy> => {
  const options = { method: 'PATCH', body: change, headers: { 'if-match': version } } as const;
  const { body, etag } = await fetchVersioned(licensePolicy, pathOf(id), options);
  return { policy: body, etag };
};

export const licenseProductsQuery = queryOptions({
  queryKey: ['license-products'],
  queryFn: async ({ signal }) => (await fetchJson(licenseProductList, '/api/license-products', { signal })).data,
});
