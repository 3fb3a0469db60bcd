import { featureList } from '@bastionary/contracts/entitlements';
import { planList } from '@bastionary/contracts/plans';
import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from './http';

/** Plans and add-ons with all their versions. */
export const plansQuery = queryOptions({
  queryKey: ['plans', 'list'],
  queryFn: async ({ signal }) => (await fetchJson(planList, '/api/plans', { signal })).data,
});

export const featuresQuery = queryOptions({
  queryKey: ['features', 'list'],
  queryFn: async ({ signal }) => (await fetchJson(featureList, '/api/features', { signal })).data,
});
