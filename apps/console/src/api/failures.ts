import { failurePage } from '@bastionary/contracts/failures';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { fetchJson, queryString } from './http';

export type FailureFilter = {
  client_id?: string | undefined;
  trace_id?: string | undefined;
  cursor?: string | undefined;
  limit?: number;
};

export const failuresQuery = ({ limit = 25, ...filter }: FailureFilter) =>
  queryOptions({
    queryKey: ['failures', { limit, ...filter }],
    queryFn: ({ signal }) => fetchJson(failurePage, `/api/failures${queryString({ limit, ...filter })}`, { signal }),
    placeholderData: keepPreviousData,
    // Somebody may be retrying in a terminal beside this page.
    refetchInterval: 10_000,
  });
