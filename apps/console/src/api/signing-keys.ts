import { type RotateKeysRequest, signingKeyList } from '@bastionary/contracts/tokens';
import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from './http';

export const signingKeysQuery = queryOptions({
  queryKey: ['signing-keys'],
  queryFn: async ({ signal }) => (await fetchJson(signingKeyList, '/api/signing-keys', { signal })).data,
});

export const rotateKeys = async (body: RotateKeysRequest, key: string) => {
  const options = { method: 'POST', body, headers: { 'idempotency-key': key } } as const;
  return (await fetchJson(signingKeyList, '/api/signing-keys/rotate', options)).data;
};
