import { preview } from '@bastionary/contracts/entitlements';
import {
  type CreateSubscriptionRequest,
  type MigratePlanRequest,
  planMigration,
  type Subscription,
  type SubscriptionState,
  subscription,
  subscriptionPage,
  type UpdateSubscriptionRequest,
} from '@bastionary/contracts/plans';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { fetchJson, fetchVersioned, queryString } from './http';

export type SubscriptionFilter = {
  state?: SubscriptionState | undefined;
  customer_id?: string | undefined;
  plan?: string | undefined;
  cursor?: string | undefined;
};

const PATH = '/api/subscriptions';
const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;
const migratePath = (key: string) => `/api/plans/${encodeURIComponent(key)}/migrate`;

export const subscriptionKeys = {
  all: ['subscriptions'] as const,
  one: (id: string) => ['subscriptions', 'one', id] as const,
};

export const subscriptionsQuery = (filter: SubscriptionFilter) =>
  queryOptions({
    queryKey: [...subscriptionKeys.all, 'list', filter],
    queryFn: ({ signal }) => fetchJson(subscriptionPage, `${PATH}${queryString({ limit: 25, ...filter })}`, { signal }),
    placeholderData: keepPreviousData,
  });

/** A subscription together with the ETag that a change has to name. */
export type VersionedSubscription = { subscription: Subscription; etag: string };

export const subscriptionQuery = (id: string) =>
  queryOptions({
    queryKey: subscriptionKeys.one(id),
    queryFn: async ({ signal }): Promise<VersionedSubscription> => {
      const { body, etag } = await fetchVersioned(subscription, pathOf(id), { signal });
      return { subscription: body, etag };
    },
  });

export const createSubscription = (body: CreateSubscriptionRequest, key: string) =>
  fetchJson(subscription, PATH, { method: 'POST', body, headers: { 'idempotency-key': key } });

export const updateSubscription = async (
  id: string,
  version: string,
  change: UpdateSubscriptionRequest,
): Promise<VersionedSubscription> => {
  const options = { method: 'PATCH', body: change, headers: { 'if-match': version } } as const;
  const { body, etag } = await fetchVersioned(subscription, pathOf(id), options);
  return { subscription: body, etag };
};

export const withdrawChange = async (id: string, version: string, changeId: string): Promise<VersionedSubscription> => {
  const options = { method: 'DELETE', headers: { 'if-match': version } } as const;
  const path = `${pathOf(id)}/scheduled/${encodeURIComponent(changeId)}`;
  const { body, etag } = await fetchVersioned(subscription, path, options);
  return { subscription: body, etag };
};

/** Moves subscriptions of a plan to another of its versions. */
export const migratePlan = (key: string, body: MigratePlanRequest) =>
  fetchJson(planMigration, migratePath(key), { method: 'POST', body });

/** What the api says would follow. Nothing is written; asked anew each time. */
const dryRunQuery = (method: 'POST' | 'PATCH', path: string, body: object) =>
  queryOptions({
    queryKey: ['dry-run', path, body],
    queryFn: ({ signal }) => fetchJson(preview, `${path}?dry_run=true`, { method, body, signal }),
    staleTime: 0,
    gcTime: 0,
  });

export const creationPreviewQuery = (body: CreateSubscriptionRequest) => dryRunQuery('POST', PATH, body);
export const changePreviewQuery = (id: string, body: UpdateSubscriptionRequest) =>
  dryRunQuery('PATCH', pathOf(id), body);
export const migrationPreviewQuery = (key: string, body: MigratePlanRequest) =>
  dryRunQuery('POST', migratePath(key), body);
