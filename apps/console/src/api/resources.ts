import { resourceList } from '@bastionary/contracts/resources';
import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from './http';

export const resourcesQuery = queryOptions({
  queryKey: ['resources'],
  queryFn: async ({ signal }) => (await fetchJson(resourceList, '/api/resources', { signal })).data,
});
