import {
  entitlements,
  entitlementsHistory,
  override,
  overrideList,
  preview,
  type SetOverrideRequest,
} from '@bastionary/contracts/entitlements';
import { quota } from '@bastionary/contracts/quotas';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { customerKeys, customerPath } from './customers';
import { fetchJson, queryString, send } from './http';

const keyOf = (customerId: string, what: string) => [...customerKeys.one(customerId), what] as const;
const overridePath = (customerId: string, feature: string) =>
  `${customerPath(customerId)}/overrides/${encodeURIComponent(feature)}`;

/** What a customer may do; `at` is an instant of the past. */
export const entitlementsQuery = (customerId: string, at?: string) =>
  queryOptions({
    queryKey: [...keyOf(customerId, 'entitlements'), at ?? 'now'],
    queryFn: ({ signal }) =>
      fetchJson(entitlements, `${customerPath(customerId)}/entitlements${queryString({ at })}`, { signal }),
    // It changes by itself when something falls due; the past does not.
    ...(at === undefined ? { refetchInterval: 15_000 } : { staleTime: Number.POSITIVE_INFINITY }),
  });

/** Every epoch, the newest first. */
export const entitlementsHistoryQuery = (customerId: string) =>
  infiniteQueryOptions({
    queryKey: keyOf(customerId, 'history'),
    queryFn: ({ signal, pageParam: cursor }) =>
      fetchJson(
        entitlementsHistory,
        `${customerPath(customerId)}/entitlements/history${queryString({ limit: 20, cursor })}`,
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });

export const overridesQuery = (customerId: string) =>
  queryOptions({
    queryKey: keyOf(customerId, 'overrides'),
    queryFn: async ({ signal }) =>
      (await fetchJson(overrideList, `${customerPath(customerId)}/overrides`, { signal })).data,
  });

export const quotaQuery = (customerId: string, feature: string) =>
  queryOptions({
    queryKey: [...keyOf(customerId, 'quota'), feature],
    queryFn: ({ signal }) =>
      fetchJson(quota, `/api/quotas/${encodeURIComponent(customerId)}/${encodeURIComponent(feature)}`, { signal }),
    refetchInterval: 15_000,
  });

/** What setting an override, or with null removing it, would mean. */
export const overridePreviewQuery = (customerId: string, feature: string, body: SetOverrideRequest | null) =>
  queryOptions({
    queryKey: [...keyOf(customerId, 'override-preview'), feature, body],
    queryFn: ({ signal }) =>
      fetchJson(preview, `${overridePath(customerId, feature)}?dry_run=true`, {
        signal,
        ...(body === null ? { method: 'DELETE' } : { method: 'PUT', body }),
      }),
    placeholderData: keepPreviousData,
    // The answer is about this moment.
    staleTime: 0,
    gcTime: 0,
  });

export const setOverride = (customerId: string, feature: string, body: SetOverrideRequest) =>
  fetchJson(override, overridePath(customerId, feature), { method: 'PUT', body });

export const removeOverride = (customerId: string, feature: string) =>
  send(overridePath(customerId, feature), { method: 'DELETE' });
