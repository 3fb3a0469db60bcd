import { signingKeyList } from '@bastionary/contracts/tokens';
import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from './http';

export const signingKeysQuery = queryOptions({
  queryKey: ['signing-keys'],
  queryFn: async ({ signal }) => (await fetchJson(signingKeyList, '/api/signing-keys', { signal })).data,
});
