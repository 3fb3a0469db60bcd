import {
  type CreateWebhookRequest,
  type DeliveryStatus,
  type ReplayRequest,
  replayResult,
  type UpdateWebhookRequest,
  webhook,
  webhookDelivery,
  webhookDeliveryDetail,
  webhookDeliveryPage,
  webhookList,
  webhookWithSecret,
} from '@bastionary/contracts/webhooks';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { fetchJson, queryString, send } from './http';

export type DeliveryFilter = { status?: DeliveryStatus | undefined; cursor?: string | undefined };

const path = (id: string) => `/api/webhooks/${encodeURIComponent(id)}`;
const once = (key: string) => ({ 'idempotency-key': key });

export const webhookKeys = { all: ['webhooks'] as const, one: (id: string) => ['webhooks', 'one', id] as const };

export const webhooksQuery = queryOptions({
  queryKey: [...webhookKeys.all, 'list'],
  queryFn: async ({ signal }) => (await fetchJson(webhookList, '/api/webhooks', { signal })).data,
});

/** The endpoint together with the ETag that an edit has to name. */
export const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: webhookKeys.one(id),
    queryFn: async ({ signal }) => {
      const response = await send(path(id), { signal });
      return { endpoint: webhook.parse(await response.json()), etag: response.headers.get('etag') ?? '*' };
    },
    // What is pending and dead moves by itself.
    refetchInterval: 5_000,
  });

export const deliveriesQuery = (id: string, filter: DeliveryFilter) =>
  queryOptions({
    queryKey: [...webhookKeys.one(id), 'deliveries', filter],
    queryFn: ({ signal }) =>
      fetchJson(webhookDeliveryPage, `${path(id)}/deliveries${queryString({ limit: 25, ...filter })}`, { signal }),
    placeholderData: keepPreviousData,
    // The log moves by itself.
    refetchInterval: 3_000,
  });

export const deliveryQuery = (id: string, deliveryId: string) =>
  queryOptions({
    queryKey: [...webhookKeys.one(id), 'delivery', deliveryId],
    queryFn: ({ signal }) =>
      fetchJson(webhookDeliveryDetail, `${path(id)}/deliveries/${encodeURIComponent(deliveryId)}`, { signal }),
  });

export const createWebhook = (body: CreateWebhookRequest, key: string) =>
  fetchJson(webhookWithSecret, '/api/webhooks', { method: 'POST', body, headers: once(key) });

export const updateWebhook = (id: string, etag: string, body: UpdateWebhookRequest) =>
  fetchJson(webhook, path(id), { method: 'PATCH', body, headers: { 'if-match': etag } });

export const deleteWebhook = (id: string) => send(path(id), { method: 'DELETE' });

export const rotateSigningSecret = (id: string, overlap_seconds: number, key: string) =>
  fetchJson(webhookWithSecret, `${path(id)}/rotate-secret`, {
    method: 'POST',
    body: { overlap_seconds },
    headers: once(key),
  });

export const testWebhook = (id: string) => fetchJson(webhookDelivery, `${path(id)}/test`, { method: 'POST' });

export const replayDeliveries = (id: string, body: ReplayRequest) =>
  fetchJson(replayResult, `${path(id)}/replay`, { method: 'POST', body });
