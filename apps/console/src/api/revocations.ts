import { type RevocationRequest, revocationResult } from '@bastionary/contracts/revocations';
import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from './http';

const post = (body: RevocationRequest, isDryRun: boolean, signal?: AbortSignal) =>
  fetchJson(revocationResult, `/api/revocations?dry_run=${isDryRun}`, {
    method: 'POST',
    body,
    ...(signal && { signal }),
  });

/** How many live tokens a revocation would hit. Changes nothing; asked anew each time. */
export const revocationHitsQuery = (request: RevocationRequest) =>
  queryOptions({
    queryKey: ['revocations', request],
    queryFn: ({ signal }) => post(request, true, signal),
    staleTime: 0,
    gcTime: 0,
  });

export const revokeTokens = (request: RevocationRequest) => post(request, false);
