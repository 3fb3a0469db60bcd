import { type ReceivedEventQuery, receivedEventPage } from '@bastionary/contracts/usage';
import {
  type CreateThresholdRequest,
  type ForecastQuery,
  forecast,
  threshold,
  thresholdList,
  type UsageQuery,
  usage,
} from '@bastionary/contracts/usage-queries';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { fetchJson, queryString, send } from './http';

export type EventFilter = { [Name in keyof ReceivedEventQuery]?: string | number | undefined };

export const eventsQuery = (filter: EventFilter) =>
  queryOptions({
    queryKey: ['usage', 'events', filter],
    queryFn: ({ signal }) =>
      fetchJson(receivedEventPage, `/api/usage/events${queryString({ limit: 25, ...filter })}`, { signal }),
    placeholderData: keepPreviousData,
  });

export type UsageFilter = { [Name in keyof UsageQuery]?: string | number | undefined };

/** What a meter counted over time. */
export const usageOverTimeQuery = (filter: UsageFilter & { meter: string }) =>
  queryOptions({
    queryKey: ['usage', 'over-time', filter],
    queryFn: ({ signal }) => fetchJson(usage, `/api/usage${queryString(filter)}`, { signal }),
    placeholderData: keepPreviousData,
  });

/** What usage of a customer will be at the end of its billing period. */
export const usageForecastQuery = (filter: ForecastQuery) =>
  queryOptions({
    queryKey: ['usage', 'forecast', filter],
    queryFn: ({ signal }) => fetchJson(forecast, `/api/usage/forecast${queryString(filter)}`, { signal }),
  });

const THRESHOLDS = '/api/usage-thresholds';
export const thresholdKeys = { all: ['usage', 'thresholds'] as const };

/** Of a meter; with a customer those of it and those of every customer. */
export const thresholdsQuery = (filter: { meter: string; customer_id: string | undefined }) =>
  queryOptions({
    queryKey: [...thresholdKeys.all, filter],
    queryFn: async ({ signal }) =>
      (await fetchJson(thresholdList, `${THRESHOLDS}${queryString(filter)}`, { signal })).data,
  });

export const createThreshold = (body: CreateThresholdRequest, key: string) =>
  fetchJson(threshold, THRESHOLDS, { method: 'POST', body, headers: { 'idempotency-key': key } });

export const deleteThreshold = (id: string) => send(`${THRESHOLDS}/${encodeURIComponent(id)}`, { method: 'DELETE' });
