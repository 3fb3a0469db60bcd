import {
  type ClientStatus,
  type CreateClientRequest,
  client,
  clientPage,
  clientWithSecret,
  tokensPerHour,
  type UpdateClientRequest,
} from '@bastionary/contracts/clients';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { fetchJson, queryString, send } from './http';

export type ClientFilter = {
  search?: string | undefined;
  status?: ClientStatus | undefined;
  cursor?: string | undefined;
};

const path = (clientId: string) => `/api/clients/${encodeURIComponent(clientId)}`;

export const clientKeys = {
  all: ['clients'] as const,
  one: (clientId: string) => ['clients', 'one', clientId] as const,
};

export const clientsQuery = (filter: ClientFilter) =>
  queryOptions({
    queryKey: [...clientKeys.all, 'list', filter],
    queryFn: ({ signal }) => fetchJson(clientPage, `/api/clients${queryString({ limit: 25, ...filter })}`, { signal }),
    placeholderData: keepPreviousData,
  });

/** The client together with the ETag that an edit has to name. */
export const clientQuery = (clientId: string) =>
  queryOptions({
    queryKey: clientKeys.one(clientId),
    queryFn: async ({ signal }) => {
      const response = await send(path(clientId), { signal });
      return { client: client.parse(await response.json()), etag: response.headers.get('etag') ?? '*' };
    },
  });

export const clientUsageQuery = (clientId: string) =>
  queryOptions({
    queryKey: [...clientKeys.one(clientId), 'tokens-per-hour'],
    queryFn: async ({ signal }) =>
      (await fetchJson(tokensPerHour, `${path(clientId)}/tokens-per-hour?hours=24`, { signal })).data,
  });

export const createClient = (body: CreateClientRequest, key: string) =>
  fetchJson(clientWithSecret, '/api/clients', { method: 'POST', body, headers: { 'idempotency-key': key } });

export const updateClient = (clientId: string, etag: string, body: UpdateClientRequest) =>
  fetchJson(client, path(clientId), { method: 'PATCH', body, headers: { 'if-match': etag } });

export const deleteClient = (clientId: string) => send(path(clientId), { method: 'DELETE' });

export const rotateSecret = (clientId: string, key: string) =>
  fetchJson(clientWithSecret, `${path(clientId)}/rotate-secret`, {
    method: 'POST',
    headers: { 'idempotency-key': key },
  });
