import { searchResult } from '@bastionary/contracts/search';
import { queryOptions } from '@tanstack/react-query';
import { fetchJson, queryString } from './http';

/** The api looks for nothing shorter, and for nothing longer. */
export const SEARCH_MIN = 2;
export const SEARCH_MAX = 200;

export const searchQuery = (text: string) =>
  queryOptions({
    queryKey: ['search', text],
    queryFn: async ({ signal }) =>
      (await fetchJson(searchResult, `/api/search${queryString({ q: text })}`, { signal })).data,
    enabled: text.length >= SEARCH_MIN,
  });
