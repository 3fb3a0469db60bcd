import { type ReceivedEventQuery, receivedEventPage } from '@bastionary/contracts/usage';
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
