import { overview } from '@bastionary/contracts/operators';
import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from './http';

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => fetchJson(overview, '/api/overview', { signal }),
});

/** The address clients are to use, which behind a proxy is not this page's. */
export const issuerQuery = queryOptions({
  ...overviewQuery,
  select: ({ issuer }) => issuer,
  staleTime: Number.POSITIVE_INFINITY,
});
