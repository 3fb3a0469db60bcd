import { z } from 'zod';
import { environmentKey } from './flag-rules.js';

export const grantType = z.enum(['client_credentials', 'refresh_token']);
export type GrantTypeName = z.infer<typeof grantType>;

export const authMethod = z.enum(['client_secret_basic', 'client_secret_post', 'private_key_jwt']);
export type AuthMethod = z.infer<typeof authMethod>;

export const accessTokenFormat = z.enum(['jwt', 'opaque']);
export type AccessTokenFormat = z.infer<typeof accessTokenFormat>;

/** Seconds an access token may live. The longest bounds how long a revocation must be remembered. */
export const ACCESS_TOKEN_TTL_MAX = 86_400;
export const accessTokenTtl = z.int().min(10).max(ACCESS_TOKEN_TTL_MAX);

// RFC 8707 §2: an absolute URI without a fragment.
export const resourceIdentifier = z
  .string()
  .max(500)
  .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
  .refine((uri) => URL.canParse(uri) && !uri.includes('#'), 'must be an absolute URI without a fragment');

/** Public keys only; what may stand in it is decided by the oauth room's rule (RFC 7517 §5). */
export const jwkSet = z
  .object({ keys: z.array(z.record(z.string(), z.unknown())).min(1, 'must hold at least one key').max(20) })
  .meta({ id: 'JwkSet' });
export type JwkSet = z.infer<typeof jwkSet>;

export const jwksUri = z
  .url({ protocol: /^https$/, error: 'must be an https URL' })
  .max(500)
  .refine((url) => !/^https:\/\/[^/]*@/.test(url), 'must hold no user name or password');

/** A token bucket: `requests` in `per_seconds` on average, `burst` at once (default: `requests`). */
export const rateLimit = z
  .strictObject({
    requests: z.int().min(1).max(1_000_000),
    per_seconds: z.int().min(1).max(86_400).default(1),
    burst: z.int().min(1).max(1_000_000).optional(),
  })
  .meta({ id: 'RateLimit' });
export type RateLimit = z.infer<typeof rateLimit>;

/** Tokens per UTC hour and day. With `enforce` false the excess is counted and shown, not refused. */
export const tokenQuota = z
  .strictObject({
    per_hour: z.int().min(1).nullable().default(null),
    per_day: z.int().min(1).nullable().default(null),
    enforce: z.boolean().default(true),
  })
  .refine((quota) => quota.per_hour !== null || quota.per_day !== null, 'must set per_hour or per_day')
  .meta({ id: 'TokenQuota' });
export type TokenQuota = z.infer<typeof tokenQuota>;

const grantTypes = z
  .array(grantType)
  .min(1)
  .max(2)
  // RFC 6749 §4.4 is how a machine gets its first token; nothing else would ever give it a refresh token.
  .refine((types) => types.includes('client_credentials'), 'must contain client_credentials')
  .transform((types) => [...new Set(types)]);

/**
 * How a client proves itself and what its tokens are: names as registered by RFC 7591 and its successors where there is
 * one. Every field may be left out; null stands for the installation's default.
 */
export const clientMetadata = {
  grant_types: grantTypes.describe('Default: client_credentials. refresh_token is opt-in (RFC 6749 §4.4.3)'),
  token_endpoint_auth_method: authMethod
    .nullable()
    .describe('Once set, nothing else is accepted. null: whatever it has a credential for'),
  jwks: jwkSet.nullable().describe('Public keys for private_key_jwt; each becomes a credential'),
  jwks_uri: jwksUri.nullable().describe('Where the client publishes its keys, instead of jwks'),
  dpop_bound_access_tokens: z.boolean().describe('RFC 9449: tokens are bound to a key of the client'),
  access_token_format: accessTokenFormat.nullable(),
  access_token_ttl: accessTokenTtl.nullable().describe('Seconds; the shortest of client and resources holds'),
  refresh_token_ttl: z
    .int()
    .min(60)
    .max(366 * 86_400)
    .nullable()
    .describe('Seconds from the first refresh token to the end of its last successor'),
  resources: z
    .array(resourceIdentifier)
    .min(1)
    .max(50)
    .nullable()
    .describe('Identifiers the client may ask for (RFC 8707); null: those that own its scopes'),
  legacy_assertion_audience: z
    .boolean()
    .describe('Also accept assertions made out to the token endpoint, as before RFC 10070. Unwise'),
  allowed_addresses: z
    .array(z.string().min(2).max(64))
    .max(100)
    .describe('IPv4 and IPv6 addresses or CIDRs it may come from; empty: any'),
  rate_limit: rateLimit.nullable(),
  token_quota: tokenQuota.nullable(),
  environment: environmentKey.nullable().describe('Where it evaluates flags; null: production'),
};

/** The same fields as they stand in answers. */
export const clientMetadataView = z.object({
  grant_types: z.array(grantType),
  token_endpoint_auth_method: authMethod.nullable(),
  jwks: jwkSet.nullable(),
  jwks_uri: z.string().nullable(),
  dpop_bound_access_tokens: z.boolean(),
  access_token_format: accessTokenFormat.nullable(),
  access_token_ttl: z.int().nullable(),
  refresh_token_ttl: z.int().nullable(),
  resources: z.array(z.string()).nullable(),
  legacy_assertion_audience: z.boolean(),
  allowed_addresses: z.array(z.string()),
  rate_limit: rateLimit.nullable(),
  token_quota: tokenQuota.nullable(),
  environment: z.string().nullable(),
});
export type ClientMetadata = z.infer<typeof clientMetadataView>;
