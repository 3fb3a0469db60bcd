import { z } from 'zod';
import { page, pageQuery } from './page.js';
import { instant, queryText, text } from './text.js';

/** `expired` is never set by hand: it is what a client past its `expiry` is. */
export const clientStatus = z.enum(['active', 'suspended', 'expired']);
export type ClientStatus = z.infer<typeof clientStatus>;

// RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
export const scopeName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be one scope: printable ASCII without space, quote or backslash');

// Unreserved characters of RFC 3986, so that an id never needs encoding; no colon, which would end it in HTTP Basic.
export const clientId = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[A-Za-z0-9._~-]+$/, 'may only contain A-Z a-z 0-9 . _ ~ -')
  // In an address, `.` and `..` mean something else.
  .refine((id) => id !== '.' && id !== '..', 'may not be . or ..');

// RFC 6749 appendix A.2: client-secret = *VSCHAR
const clientSecret = z
  .string()
  .min(8, 'must be at least 8 characters')
  .max(256)
  .regex(/^[\x20-\x7e]+$/, 'must be printable ASCII');

const scopes = z.array(scopeName).min(1, 'must name at least one scope').max(200);

export const createClientRequest = z
  .strictObject({
    client_id: clientId.optional(),
    client_secret: clientSecret.optional(),
    name: text(200).optional(),
    scopes,
    expiry: instant.nullish(),
  })
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
  })
  .refine((body) => Object.keys(body).length > 0, 'must change at least one of name, scopes, expiry, status')
  .meta({ id: 'UpdateClientRequest' });
export type UpdateClientRequest = z.infer<typeof updateClientRequest>;

/** Something accepted that its sender should know about. */
export const warning = z.object({ code: z.string(), message: z.string() }).meta({ id: 'Warning' });
export type Warning = z.infer<typeof warning>;

/** The only answer that ever carries a client secret. */
export const clientWithSecret = z
  .object({
    client_id: z.string(),
    client_secret: z.string(),
    name: z.string(),
    scopes: z.array(z.string()),
    expiry: z.string().nullable(),
    status: clientStatus,
    created_at: z.string(),
    warnings: z.array(warning),
  })
  .meta({ id: 'ClientWithSecret' });
export type ClientWithSecret = z.infer<typeof clientWithSecret>;

export const credential = z
  .object({
    id: z.string(),
    kind: z.literal('secret'),
    hint: z.string().describe('First and last characters, enough to recognise the secret'),
    generated: z.boolean().describe('False if the caller chose the secret'),
    created_at: z.string(),
  })
  .meta({ id: 'Credential' });

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
    credentials: z.array(credential),
  })
  .meta({ id: 'Client' });
export type Client = z.infer<typeof client>;

export const clientSummary = client.omit({ credentials: true, tokens_issued: true }).meta({ id: 'ClientSummary' });
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
