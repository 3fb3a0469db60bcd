import { z } from 'zod';
import { clientMetadata, clientMetadataView } from './client-metadata.js';
import { credential } from './credentials.js';
import { customerId } from './customers.js';
import { clientId, clientSecret, scopeName } from './identifiers.js';
import { page, pageQuery } from './page.js';
import { instant, queryText, text } from './text.js';

/** `expired` is never set by hand: it is what a client past its `expiry` is. */
export const clientStatus = z.enum(['active', 'suspended', 'expired']);
export type ClientStatus = z.infer<typeof clientStatus>;

const scopes = z.array(scopeName).min(1, 'must name at least one scope').max(200);

// RFC 7591 §2: jwks and jwks_uri exclude each other.
const hasOneSourceOfKeys = (body: { jwks?: unknown; jwks_uri?: unknown }): boolean => !(body.jwks && body.jwks_uri);
const TWO_SOURCES = { error: 'jwks and jwks_uri exclude each other', path: ['jwks_uri'] };
const optionalMetadata = z.strictObject(clientMetadata).partial().shape;

export const createClientRequest = z
  .strictObject({
    client_id: clientId.optional(),
    client_secret: clientSecret.optional(),
    name: text(200).optional(),
    scopes,
    expiry: instant.nullish(),
    customer_id: customerId.nullish().describe('The customer it belongs to; none: the installation. For ever'),
    ...optionalMetadata,
  })
  .refine(hasOneSourceOfKeys, TWO_SOURCES)
  .meta({
    id: 'CreateClientRequest',
    example: {
      client_id: 'my_client_id',
      client_secret: 'my_client_secret',
      scopes: ['read', 'write'],
      expiry: '2023-12-31T23:59:59Z',
    },
  });
export type CreateClientRequest = z.infer<typeof createClientRequest>;

export const updateClientRequest = z
  .strictObject({
    name: text(200).optional(),
    scopes: scopes.optional(),
    expiry: instant.nullable().optional(),
    status: z.enum(['active', 'suspended']).optional(),
    ...optionalMetadata,
  })
  .refine((body) => Object.keys(body).length > 0, 'must change at least one of name, scopes, expiry, status, …')
  .refine(hasOneSourceOfKeys, TWO_SOURCES)
  .meta({ id: 'UpdateClientRequest' });
export type UpdateClientRequest = z.infer<typeof updateClientRequest>;

/** Something accepted that its sender should know about. */
export const warning = z.object({ code: z.string(), message: z.string() }).meta({ id: 'Warning' });
export type Warning = z.infer<typeof warning>;

/**
 * The answer that carries a client's first secret, or a new one. Of the metadata it shows what the request named
 * (RFC 7591 §3.2.1); a client that proves itself with a key of its own has no secret.
 */
export const clientWithSecret = z
  .object({
    client_id: z.string(),
    client_secret: z.string().optional(),
    name: z.string(),
    scopes: z.array(z.string()),
    expiry: z.string().nullable(),
    status: clientStatus,
    created_at: z.string(),
    warnings: z.array(warning),
    customer_id: z.string().optional(),
    ...clientMetadataView.partial().shape,
  })
  .meta({ id: 'ClientWithSecret' });
export type ClientWithSecret = z.infer<typeof clientWithSecret>;

export const client = z
  .object({
    client_id: z.string(),
    name: z.string(),
    scopes: z.array(z.string()),
    expiry: z.string().nullable(),
    status: clientStatus,
    created_at: z.string(),
    updated_at: z.string(),
    last_token_at: z.string().nullable(),
    tokens_issued: z.string().describe('Decimal integer'),
    customer_id: z.string().nullable(),
    ...clientMetadataView.shape,
    tokens_not_before: z.string().nullable().describe('Tokens issued before this instant are dead'),
    warnings: z.array(warning),
    credentials: z.array(credential),
  })
  .meta({ id: 'Client' });
export type Client = z.infer<typeof client>;

export const clientSummary = client
  .pick({
    client_id: true,
    name: true,
    scopes: true,
    expiry: true,
    status: true,
    created_at: true,
    updated_at: true,
    last_token_at: true,
    customer_id: true,
  })
  .meta({ id: 'ClientSummary' });
export type ClientSummary = z.infer<typeof clientSummary>;

export const clientListQuery = z.strictObject({
  ...pageQuery,
  search: queryText(200).optional().describe('Part of the client id or name, in any case'),
  status: clientStatus.optional(),
});
export type ClientListQuery = z.infer<typeof clientListQuery>;
export const clientPage = page(clientSummary, 'ClientPage');
export type ClientPage = z.infer<typeof clientPage>;

export const clientParams = z.strictObject({ client_id: clientId });

export const usageQuery = z.strictObject({
  hours: z.coerce
    .number()
    .int()
    .min(1)
    .max(24 * 31)
    .default(24),
});
export type UsageQuery = z.infer<typeof usageQuery>;

/** Tokens issued per hour, oldest first, hours without any included. */
export const tokensPerHour = z
  .object({ data: z.array(z.object({ hour: z.string(), issued: z.string().describe('Decimal integer') })) })
  .meta({ id: 'TokensPerHour' });
export type TokensPerHour = z.infer<typeof tokensPerHour>;
