import {
  type CreateResourceRequest,
  type Resource,
  resource,
  resourceList,
  type UpdateResourceRequest,
} from '@bastionary/contracts/resources';
import { queryOptions } from '@tanstack/react-query';
import { fetchJson, fetchVersioned, send } from './http';

const path = (resourceId: string) => `/api/resources/${encodeURIComponent(resourceId)}`;

export const resourceKeys = {
  all: ['resources'] as const,
  one: (resourceId: string) => ['resources', 'one', resourceId] as const,
};

export const resourcesQuery = queryOptions({
  queryKey: [...resourceKeys.all, 'list'],
  queryFn: async ({ signal }) => (await fetchJson(resourceList, '/api/resources', { signal })).data,
});

/** A resource together with the ETag that an edit has to name. */
export type VersionedResource = { resource: Resource; etag: string };

export const resourceQuery = (resourceId: string) =>
  queryOptions({
    queryKey: resourceKeys.one(resourceId),
    queryFn: async ({ signal }): Promise<VersionedResource> => {
      const { body, etag } = await fetchVersioned(resource, path(resourceId), { signal });
      return { resource: body, etag };
    },
  });

export const createResource = (body: CreateResourceRequest, key: string) =>
  fetchJson(resource, '/api/resources', { method: 'POST', body, headers: { 'idempotency-key': key } });

export const updateResource = async (
  resourceId: string,
  version: string,
  change: UpdateResourceRequest,
): Promise<VersionedResource> => {
  const options = { method: 'PATCH', body: change, headers: { 'if-match': version } } as const;
  const { body, etag } = await fetchVersioned(resource, path(resourceId), options);
  return { resource: body, etag };
};

export const deleteResource = (resourceId: string) => send(path(resourceId), { method: 'DELETE' });
