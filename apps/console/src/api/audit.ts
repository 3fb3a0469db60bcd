import { auditPage } from '@bastionary/contracts/audit';
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
