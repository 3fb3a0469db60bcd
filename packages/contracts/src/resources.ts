import { z } from 'zod';
import { accessTokenFormat, accessTokenTtl, resourceIdentifier } from './client-metadata.js';
import { featureKey } from './entitlements.js';
import { clientId, scopeName } from './identifiers.js';
import { text } from './text.js';

const scope = z.strictObject({
  name: scopeName,
  description: text(500),
  feature: featureKey
    .nullish()
    .describe('The feature without which no client of a customer gets it. Left out: as it was; null: none'),
});

/** A protected API and the scopes it owns. */
export const resource = z
  .object({
    id: z.string(),
    identifier: z.string().describe('The URI that stands in the token as its audience'),
    name: z.string(),
    scopes: z.array(z.object({ name: z.string(), description: z.string(), feature: z.string().nullable() })),
    access_token_ttl: z.int().nullable(),
    access_token_format: accessTokenFormat.nullable(),
    dpop_required: z.boolean(),
    introspection_clients: z.array(z.string()).describe('Clients that may introspect the tokens meant for it'),
    built_in: z.boolean().describe('The management API: its scopes are fixed and it cannot be deleted'),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Resource' });
export type Resource = z.infer<typeof resource>;

export const resourceList = z.object({ data: z.array(resource) }).meta({ id: 'ResourceList' });
export type ResourceList = z.infer<typeof resourceList>;

const scopes = z
  .array(scope)
  .max(200)
  .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, 'must name each scope once');

const tokenSettings = {
  access_token_ttl: accessTokenTtl.nullish(),
  access_token_format: accessTokenFormat.nullish(),
  dpop_required: z.boolean().optional(),
  introspection_clients: z.array(clientId).max(100).optional(),
};

export const createResourceRequest = z
  .strictObject({
    identifier: resourceIdentifier,
    name: text(200).optional(),
    scopes: scopes.default([]),
    ...tokenSettings,
  })
  .meta({ id: 'CreateResourceRequest' });
export type CreateResourceRequest = z.infer<typeof createResourceRequest>;

/** `identifier` never changes: tokens and resource servers know it. */
export const updateResourceRequest = z
  .strictObject({ name: text(200).optional(), scopes: scopes.optional(), ...tokenSettings })
  .refine((body) => Object.keys(body).length > 0, 'must change at least one field')
  .meta({ id: 'UpdateResourceRequest' });
export type UpdateResourceRequest = z.infer<typeof updateResourceRequest>;

export const resourceParams = z.strictObject({ resource_id: z.string().max(64) });
