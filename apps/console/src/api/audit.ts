import { auditPage, auditVerification } from '@bastionary/contracts/audit';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { fetchJson, queryString } from './http';

export type AuditFilter = {
  actor?: string | undefined;
  action?: string | undefined;
  target?: string | undefined;
  cursor?: string | undefined;
  limit?: number;
};

export const auditQuery = ({ limit = 25, ...filter }: AuditFilter) =>
  queryOptions({
    queryKey: ['audit', { limit, ...filter }],
    queryFn: ({ signal }) => fetchJson(auditPage, `/api/audit${queryString({ limit, ...filter })}`, { signal }),
    placeholderData: keepPreviousData,
  });

/** Not under `audit`: it checks a good part of the log each time, and is not to be asked after every change. */
export const auditVerificationQuery = queryOptions({
  queryKey: ['audit-verification'],
  queryFn: ({ signal }) => fetchJson(auditVerification, '/api/audit/verification', { signal }),
  // The sealer is mostly behind for moments only.
  refetchInterval: ({ state }) => (state.data?.state === 'behind' ? 3_000 : 60_000),
});

export const AUDIT_EXPORT = '/api/audit/export';
