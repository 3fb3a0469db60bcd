import { featureList } from '@bastionary/contracts/entitlements';
import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from './http';

export const featuresQuery = queryOptions({
  queryKey: ['catalogue', 'features'],
  queryFn: async ({ signal }) => (await fetchJson(featureList, '/api/features', { signal })).data,
});
