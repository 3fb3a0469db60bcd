import { z } from 'zod';
import { text } from './text.js';

/** Answer of the token endpoint, RFC 6749 §5.1. */
export const tokenResponse = z
  .object({
    access_token: z.string(),
    token_type: z.enum(['Bearer', 'DPoP']),
    expires_in: z.int(),
    scope: z.string(),
    refresh_token: z.string().optional().describe('Only for clients that opted in'),
  })
  .meta({ id: 'TokenResponse' });
export type TokenResponse = z.infer<typeof tokenResponse>;

/** Error of the token, introspection and revocation endpoints, RFC 6749 §5.2. */
export const oauthError = z
  .object({ error: z.string(), error_description: z.string().optional() })
  .meta({ id: 'OAuthError' });

/** RFC 7662 §2.2. An inactive token's answer has no other member. */
export const introspection = z
  .object({
    active: z.boolean(),
    iss: z.string().optional(),
    sub: z.string().optional(),
    aud: z.union([z.string(), z.array(z.string())]).optional(),
    client_id: z.string().optional(),
    scope: z.string().optional(),
    iat: z.int().optional(),
    exp: z.int().optional(),
    jti: z.string().optional(),
    token_type: z.enum(['Bearer', 'DPoP']).optional(),
    entitlements: z
      .object({ epoch: z.int(), hash: z.string(), features: z.record(z.string(), z.json()) })
      .optional()
      .describe('What the customer of the client may do now'),
    cnf: z.object({ jkt: z.string() }).optional().describe('RFC 9449 §6.2: the key the token is bound to'),
  })
  .meta({ id: 'Introspection' });
export type Introspection = z.infer<typeof introspection>;

export const accessToken = z.string().min(1).max(8192);
export const tokenRequest = z.strictObject({ token: accessToken }).meta({ id: 'TokenRequest' });

/** One thing looked at when a token is judged, in the order looked at; the first that fails decides. */
export const tokenCheck = z
  .object({ check: z.string(), ok: z.boolean(), detail: z.string() })
  .meta({ id: 'TokenCheck' });
export type TokenCheck = z.infer<typeof tokenCheck>;

export const tokenInspection = z
  .object({
    active: z.boolean(),
    header: z.record(z.string(), z.unknown()).nullable(),
    claims: z.record(z.string(), z.unknown()).nullable(),
    checks: z.array(tokenCheck),
    client: z.object({ client_id: z.string(), name: z.string(), status: z.string() }).nullable(),
    revoked_at: z.string().nullable(),
  })
  .meta({ id: 'TokenInspection' });
export type TokenInspection = z.infer<typeof tokenInspection>;

export const tokenRevocation = z.object({ revoked: z.boolean(), detail: z.string() }).meta({ id: 'TokenRevocation' });
export type TokenRevocation = z.infer<typeof tokenRevocation>;

export const signingKey = z
  .object({
    kid: z.string(),
    alg: z.string(),
    state: z.enum(['next', 'active', 'retiring', 'retired']),
    created_at: z.string(),
    published_at: z.string().describe('In the JWK Set since then'),
    activated_at: z.string().nullable().describe('Signs since then'),
    retiring_at: z.string().nullable().describe('Signs no longer since then; its tokens are still accepted'),
    retired_at: z.string().nullable().describe('Neither signs nor verifies since then'),
    next_change: z
      .object({ step: z.enum(['promote', 'replace', 'retire']), at: z.string() })
      .nullable()
      .describe('When it begins to sign (promote), stops signing (replace) or stops verifying (retire)'),
    public_jwk: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'SigningKey' });
export type SigningKey = z.infer<typeof signingKey>;
export const signingKeyList = z.object({ data: z.array(signingKey) }).meta({ id: 'SigningKeyList' });
export type SigningKeyList = z.infer<typeof signingKeyList>;

export const rotateKeysRequest = z
  .strictObject({
    emergency: z
      .boolean()
      .default(false)
      .describe('Every key there is stops at once and every token dies; otherwise no token is refused'),
    reason: text(500).optional().describe('For the audit log'),
  })
  .meta({ id: 'RotateKeysRequest' });
export type RotateKeysRequest = z.infer<typeof rotateKeysRequest>;
