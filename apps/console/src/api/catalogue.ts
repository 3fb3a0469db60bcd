import { catalogue, catalogueOutcome } from '@bastionary/contracts/catalogue';
import {
  type createFeatureRequest,
  type Feature,
  feature,
  featureList,
  preview,
  type UpdateFeatureRequest,
} from '@bastionary/contracts/entitlements';
import {
  type createPlanRequest,
  type MigratePlanRequest,
  type Plan,
  type PlanVersion,
  type PlanVersionContent,
  plan,
  planList,
  planMigration,
  planVersion,
  type UpdatePlanRequest,
} from '@bastionary/contracts/plans';
import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { fetchJson, fetchVersioned, send } from './http';

const featurePath = (key: string) => `/api/features/${encodeURIComponent(key)}`;
const planPath = (key: string) => `/api/plans/${encodeURIComponent(key)}`;
const versionPath = (key: string, version: number) => `${planPath(key)}/versions/${version}`;
const once = (key: string) => ({ 'idempotency-key': key });

export const catalogueKeys = {
  all: ['catalogue'] as const,
  plan: (key: string) => ['catalogue', 'plan', key] as const,
  feature: (key: string) => ['catalogue', 'feature', key] as const,
  /** Apart from the others: what a change would mean is not asked again because it was made. */
  preview: (of: unknown) => ['catalogue-preview', of] as const,
};

export const featuresQuery = queryOptions({
  queryKey: [...catalogueKeys.all, 'features'],
  queryFn: async ({ signal }) => (await fetchJson(featureList, '/api/features', { signal })).data,
});

/** The feature together with the ETag that an edit has to name. */
export const featureQuery = (key: string) =>
  queryOptions({
    queryKey: catalogueKeys.feature(key),
    queryFn: ({ signal }) => fetchVersioned(feature, featurePath(key), { signal }),
  });

export const plansQuery = queryOptions({
  queryKey: [...catalogueKeys.all, 'plans'],
  queryFn: async ({ signal }) => (await fetchJson(planList, '/api/plans', { signal })).data,
});

export const planQuery = (key: string) =>
  queryOptions({
    queryKey: catalogueKeys.plan(key),
    queryFn: ({ signal }) => fetchJson(plan, planPath(key), { signal }),
  });

/** A version together with the ETag that an edit of a draft has to name. */
export const planVersionQuery = (key: string, version: number) =>
  queryOptions({
    queryKey: [...catalogueKeys.plan(key), version],
    queryFn: ({ signal }) => fetchVersioned(planVersion, versionPath(key, version), { signal }),
  });

export const createFeature = (body: z.input<typeof createFeatureRequest>, key: string): Promise<Feature> =>
  fetchJson(feature, '/api/features', { method: 'POST', body, headers: once(key) });

export const updateFeature = (key: string, etag: string, body: UpdateFeatureRequest): Promise<Feature> =>
  fetchJson(feature, featurePath(key), { method: 'PATCH', body, headers: { 'if-match': etag } });

export const deleteFeature = (key: string) => send(featurePath(key), { method: 'DELETE' });

export const createPlan = (body: z.input<typeof createPlanRequest>, key: string): Promise<Plan> =>
  fetchJson(plan, '/api/plans', { method: 'POST', body, headers: once(key) });

export const updatePlan = (key: string, body: UpdatePlanRequest): Promise<Plan> =>
  fetchJson(plan, planPath(key), { method: 'PATCH', body });

export const addPlanVersion = (key: string, body: PlanVersionContent, intent: string): Promise<PlanVersion> =>
  fetchJson(planVersion, `${planPath(key)}/versions`, { method: 'POST', body, headers: once(intent) });

export const editDraft = (key: string, version: number, etag: string, body: PlanVersionContent) =>
  fetchVersioned(planVersion, versionPath(key, version), { method: 'PUT', body, headers: { 'if-match': etag } });

export const publishVersion = (key: string, version: number): Promise<PlanVersion> =>
  fetchJson(planVersion, `${versionPath(key, version)}/publish`, { method: 'POST' });

export const retireVersion = (key: string, version: number): Promise<PlanVersion> =>
  fetchJson(planVersion, `${versionPath(key, version)}/retire`, { method: 'POST' });

/** As many as one request takes: of more than these the preview says nothing. */
export const PREVIEWED_SUBSCRIPTIONS_MAX = 1_000;

export type Move = Pick<MigratePlanRequest, 'from' | 'to' | 'at'>;

/** What the subscriptions of a plan would gain or lose on another version, which may be a draft. */
export const moveQuery = (key: string, move: Move) =>
  queryOptions({
    queryKey: catalogueKeys.preview({ plan: key, move }),
    queryFn: ({ signal }) => {
      const body = { ...move, limit: PREVIEWED_SUBSCRIPTIONS_MAX };
      return fetchJson(preview, `${planPath(key)}/migrate?dry_run=true`, { method: 'POST', body, signal });
    },
    // What it said may be wrong as soon as it is said.
    gcTime: 0,
    staleTime: 60_000,
  });

/** Moves a part of them; the cursor leads to the next. */
export const moveSubscriptions = (key: string, move: Move, cursor: string | null) =>
  fetchJson(planMigration, `${planPath(key)}/migrate`, {
    method: 'POST',
    body: { ...move, limit: 100, ...(cursor !== null && { cursor }) },
  });

/** The catalogue as one document, as the api writes it. */
export const catalogueDocumentQuery = queryOptions({
  queryKey: [...catalogueKeys.all, 'document'],
  queryFn: async ({ signal }) => {
    const document: unknown = await (await send('/api/catalogue', { signal })).json();
    catalogue.parse(document);
    return JSON.stringify(document, null, 2);
  },
});

/** Sends the document as it stands: what is wrong with it is for the server to say. */
export const putCatalogue = (text: string, isDryRun: boolean) =>
  fetchJson(catalogueOutcome, `/api/catalogue?dry_run=${isDryRun}`, {
    method: 'PUT',
    body: text,
    headers: { 'content-type': 'application/json' },
  });

/** What a changed feature would mean for whom: a document that names it alone changes nothing else. */
export const featureChangeQuery = (changed: Feature) => {
  const { key, name, type, combine, default: value, description } = changed;
  const text = JSON.stringify({ features: [{ key, name, type, combine, default: value, description }], plans: [] });
  return queryOptions({
    queryKey: catalogueKeys.preview(text),
    queryFn: async () => (await putCatalogue(text, true)).preview,
    gcTime: 0,
  });
};
