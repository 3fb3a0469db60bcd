import {
  type ReconciliationRequest,
  type ReconciliationRowsQuery,
  reconciliation,
  reconciliationDetail,
  reconciliationPage,
  reconciliationRow,
} from '@bastionary/contracts/stripe';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { fetchJson, queryString } from './http';

const PATH = '/api/stripe/reconciliations';
const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;

export const reconciliationKeys = { all: ['reconciliations'] as const };

export const reconciliationsQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: [...reconciliationKeys.all, 'list', cursor],
    queryFn: ({ signal }) => fetchJson(reconciliationPage, `${PATH}${queryString({ limit: 10, cursor })}`, { signal }),
    placeholderData: keepPreviousData,
    // A worker does it: what is under way is looked at again until it is done.
    refetchInterval: ({ state }) =>
      state.data?.data.some((one) => one.state === 'queued' || one.state === 'running') ? 2_000 : false,
  });

export type RowsFilter = { [Name in keyof ReconciliationRowsQuery]?: string | number | undefined };

export const reconciliationQuery = (id: string, filter: RowsFilter) =>
  queryOptions({
    queryKey: [...reconciliationKeys.all, 'one', id, filter],
    queryFn: ({ signal }) =>
      fetchJson(reconciliationDetail, `${pathOf(id)}${queryString({ limit: 50, ...filter })}`, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.state === 'queued' || state.data?.state === 'running' ? 2_000 : false),
  });

export const reconcile = (body: Partial<ReconciliationRequest>, key: string) =>
  fetchJson(reconciliation, PATH, { method: 'POST', body, headers: { 'idempotency-key': key } });

export const repairRow = (id: string, position: number) =>
  fetchJson(reconciliationRow, `${pathOf(id)}/rows/${position}/repair`, { method: 'POST' });
