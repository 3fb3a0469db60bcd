import { type RevocationRequest, revocationResult } from '@bastionary/contracts/revocations';
import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from './http';

const post = (body: RevocationRequest, isDryRun: boolean, signal?: AbortSignal) =>
  fetchJson(revocationResult, `/api/revocations?dry_run=${isDryRun}`, {
    method: 'POST',
    body,
    ...(signal && { signal }),
  });

/** How many live tokens the revocations would hit, where none hits what another does. Asked anew each time. */
export const revocationHitsQuery = (requests: RevocationRequest[]) =>
  queryOptions({
    queryKey: ['revocations', requests],
    queryFn: async ({ signal }) => {
      const answers = await Promise.all(requests.map((request) => post(request, true, signal)));
      return answers.reduce((sum, { hits }) => sum + BigInt(hits), 0n);
    },
    staleTime: 0,
    gcTime: 0,
  });

export const revokeTokens = (request: RevocationRequest) => post(request, false);
