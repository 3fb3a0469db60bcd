import { licenseKeySet, type RotateLicenseKeyRequest } from '@bastionary/contracts/license-keys';
import { queryOptions } from '@tanstack/react-query';
import { fetchJson, send } from './http';

export const KEY_SET = '/.well-known/license-keys.json';
export const REVOCATION_LIST = '/.well-known/license-revocations.jws';

export const licenseKeySetQuery = queryOptions({
  queryKey: ['license-keys'],
  queryFn: ({ signal }) => fetchJson(licenseKeySet, '/api/license-keys', { signal }),
});

export const rotateLicenseKey = (body: RotateLicenseKeyRequest, key: string) =>
  fetchJson(licenseKeySet, '/api/license-keys/rotate', { method: 'POST', body, headers: { 'idempotency-key': key } });

/** The signed list, as programs fetch it. */
export const fetchRevocationList = async () => (await send(REVOCATION_LIST)).text();
