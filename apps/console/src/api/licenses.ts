import { type ValidateLicenseRequest, validation } from '@bastionary/contracts/license-validation';
import {
  type checkOutRequest,
  type createLicenseRequest,
  type License,
  type LicenseStatus,
  license,
  licenseFile,
  licensePage,
  licenseToken,
  licenseTokenList,
  machinePage,
  type UpdateLicenseRequest,
} from '@bastionary/contracts/licenses';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { fetchJson, fetchVersioned, queryString, send } from './http';

export type LicenseFilter = {
  status?: LicenseStatus | undefined;
  policy?: string | undefined;
  customer_id?: string | undefined;
  search?: string | undefined;
  cursor?: string | undefined;
  limit?: number;
};

const PATH = '/api/licenses';
const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;
const once = (key: string) => ({ 'idempotency-key': key });

export const licenseKeys = {
  all: ['licenses'] as const,
  one: (id: string) => ['licenses', 'one', id] as const,
};

export const licensesQuery = ({ limit = 25, ...filter }: LicenseFilter) =>
  queryOptions({
    queryKey: [...licenseKeys.all, 'list', { limit, ...filter }],
    queryFn: ({ signal }) => fetchJson(licensePage, `${PATH}${queryString({ limit, ...filter })}`, { signal }),
    placeholderData: keepPreviousData,
  });

/** A licence together with the ETag that a change has to name. */
export type VersionedLicense = { license: License; etag: string };

const versioned = async (...[path, options]: [path: string, options?: Parameters<typeof send>[1]]) => {
  const { body, etag } = await fetchVersioned(license, path, options);
  return { license: body, etag } satisfies VersionedLicense;
};

export const licenseQuery = (id: string) =>
  queryOptions({ queryKey: licenseKeys.one(id), queryFn: ({ signal }) => versioned(pathOf(id), { signal }) });

/** The licence that has a key. The key stands in the body, and nothing is kept of it. */
export const lookUpLicense = (key: string) => fetchJson(license, `${PATH}/look-up`, { method: 'POST', body: { key } });

/** As it is sent: the api fills in what is left out. */
export type LicenseDraft = z.input<typeof createLicenseRequest>;

export const createLicense = (body: LicenseDraft, key: string) =>
  fetchJson(license, PATH, { method: 'POST', body, headers: once(key) });

export const updateLicense = (id: string, version: string, body: UpdateLicenseRequest) =>
  versioned(pathOf(id), { method: 'PATCH', body, headers: { 'if-match': version } });

export type LicenseAct = 'suspend' | 'reinstate' | 'renew' | 'revoke' | 'reissue';

export const actOnLicense = (id: string, act: LicenseAct, reason: string, key: string) =>
  versioned(`${pathOf(id)}/${act}`, {
    method: 'POST',
    body: reason === '' ? {} : { reason },
    headers: once(key),
  });

export const resetUses = (id: string, key: string) =>
  versioned(`${pathOf(id)}/uses/reset`, { method: 'POST', body: {}, headers: once(key) });

/** What a program would be told now. Changes nothing; asked anew each time. */
export const validateLicense = (id: string, body: ValidateLicenseRequest) =>
  fetchJson(validation, `${pathOf(id)}/validate`, { method: 'POST', body });

export const validationQuery = (id: string) =>
  queryOptions({
    queryKey: [...licenseKeys.one(id), 'validation'],
    queryFn: ({ signal }) => fetchJson(validation, `${pathOf(id)}/validate`, { method: 'POST', body: {}, signal }),
    staleTime: 0,
  });

export const machinesQuery = (id: string, cursor?: string) =>
  queryOptions({
    queryKey: [...licenseKeys.one(id), 'machines', cursor],
    queryFn: ({ signal }) =>
      fetchJson(machinePage, `${pathOf(id)}/machines${queryString({ limit: 25, cursor })}`, { signal }),
    placeholderData: keepPreviousData,
    // They live and die by the minute.
    refetchInterval: 30_000,
  });

export const reclaimSeat = (id: string, machineId: string) =>
  send(`${pathOf(id)}/machines/${encodeURIComponent(machineId)}`, { method: 'DELETE' });

export type FileWish = z.input<typeof checkOutRequest>;

/** A file for a licence, or for one machine of it. */
export const checkOut = (id: string, machineId: string | null, body: FileWish, key: string) => {
  const of = machineId === null ? pathOf(id) : `${pathOf(id)}/machines/${encodeURIComponent(machineId)}`;
  return fetchJson(licenseFile, `${of}/check-out`, { method: 'POST', body, headers: once(key) });
};

export const licenseTokensQuery = (id: string) =>
  queryOptions({
    queryKey: [...licenseKeys.one(id), 'tokens'],
    queryFn: async ({ signal }) => (await fetchJson(licenseTokenList, `${pathOf(id)}/tokens`, { signal })).data,
  });

export const createLicenseToken = (id: string, expires_at: string | null, key: string) =>
  fetchJson(licenseToken, `${pathOf(id)}/tokens`, { method: 'POST', body: { expires_at }, headers: once(key) });

export const withdrawLicenseToken = (id: string, tokenId: string) =>
  send(`${pathOf(id)}/tokens/${encodeURIComponent(tokenId)}`, { method: 'DELETE' });
