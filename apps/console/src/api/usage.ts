import { type ReceivedEventQuery, receivedEventPage } from '@bastionary/contracts/usage';
import { type UsageQuery, usage } from '@bastionary/contracts/usage-queries';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { fetchJson, queryString } from './http';

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
