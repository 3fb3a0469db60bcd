import { type ExplainChange, type ExplainRequest, explanation } from '@bastionary/contracts/explain';
import { queryOptions } from '@tanstack/react-query';
import { fetchJson, send } from './http';

export const explanationQuery = (request: ExplainRequest) =>
  queryOptions({
    queryKey: ['explain', request],
    queryFn: ({ signal }) => fetchJson(explanation, '/api/explain', { method: 'POST', body: request, signal }),
    // The answer is about this moment.
    staleTime: 0,
    gcTime: 0,
  });

/** Carries out changes that an answer proposes, one after the other; the first that is refused stops it. */
export const carryOut = async (changes: readonly ExplainChange[]) => {
  for (const { request } of changes) {
    if (!request?.path.startsWith('/api/')) throw new Error('the answer proposes no request of the management API');
    const { method, path, body } = request;
    await send(path, { method, ...(body !== null && { body }) });
  }
};
