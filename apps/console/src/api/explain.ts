import { type ExplainRequest, explanation } from '@bastionary/contracts/explain';
import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from './http';

export const explanationQuery = (request: ExplainRequest) =>
  queryOptions({
    queryKey: ['explain', request],
    queryFn: ({ signal }) => fetchJson(explanation, '/api/explain', { method: 'POST', body: request, signal }),
    // The answer is about this moment.
    staleTime: 0,
    gcTime: 0,
  });
