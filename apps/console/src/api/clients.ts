import {
  type Client,
  type ClientStatus,
  type CreateClientRequest,
  client,
  clientPage,
  clientWithSecret,
  tokensPerHour,
  type UpdateClientRequest,
} from '@bastionary/contracts/clients';
import type { RotateSecretRequest } from '@bastionary/contracts/credentials';
import { permissionUse } from '@bastionary/contracts/permission-use';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { fetchJson, fetchVersioned, queryString, send } from './http';

export type ClientFilter = {
  search?: string | undefined;
  status?: ClientStatus | undefined;
  cursor?: string | undefined;
};

export const clientPath = (clientId: string) => `/api/clients/${encodeURIComponent(clientId)}`;

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

/** A client together with the ETag that an edit has to name. */
export type VersionedClient = { client: Client; etag: string };

export const clientQuery = (clientId: string) =>
  queryOptions({
    queryKey: clientKeys.one(clientId),
    queryFn: async ({ signal }): Promise<VersionedClient> => {
      const { body, etag } = await fetchVersioned(client, clientPath(clientId), { signal });
      return { client: body, etag };
    },
  });

export const clientUsageQuery = (clientId: string) =>
  queryOptions({
    queryKey: [...clientKeys.one(clientId), 'tokens-per-hour'],
    queryFn: async ({ signal }) =>
      (await fetchJson(tokensPerHour, `${clientPath(clientId)}/tokens-per-hour?hours=24`, { signal })).data,
  });

export const permissionUseQuery = (clientId: string) =>
  queryOptions({
    queryKey: [...clientKeys.one(clientId), 'permission-use'],
    queryFn: ({ signal }) => fetchJson(permissionUse, `${clientPath(clientId)}/permission-use`, { signal }),
  });

export const createClient = (body: CreateClientRequest, key: string) =>
  fetchJson(clientWithSecret, '/api/clients', { method: 'POST', body, headers: { 'idempotency-key': key } });

export const updateClient = async (
  clientId: string,
  version: string,
  change: UpdateClientRequest,
): Promise<VersionedClient> => {
  const options = { method: 'PATCH', body: change, headers: { 'if-match': version } } as const;
  const { body, etag } = await fetchVersioned(client, clientPath(clientId), options);
  return { client: body, etag };
};

export const deleteClient = (clientId: string) => send(clientPath(clientId), { method: 'DELETE' });

export const rotateSecret = (clientId: string, body: RotateSecretRequest, key: string) =>
  fetchJson(clientWithSecret, `${clientPath(clientId)}/rotate-secret`, {
    method: 'POST',
    body,
    headers: { 'idempotency-key': key },
  });
