import { z } from 'zod';
import { clientId, clientSecret } from './identifiers.js';
import { instant, text } from './text.js';

/** What a credential is at the moment: only an active one proves anything. */
export const credentialStatus = z.enum(['active', 'not_yet_valid', 'expired']);
export type CredentialStatus = z.infer<typeof credentialStatus>;

export const credential = z
  .object({
    id: z.string(),
    kind: z.enum(['secret', 'public_key', 'jwks_uri']),
    label: z.string().nullable(),
    hint: z.string().describe('Enough to recognise it, not to guess it'),
    generated: z.boolean().describe('False if the caller chose the secret'),
    kid: z.string().nullable(),
    public_jwk: z.record(z.string(), z.unknown()).nullable(),
    jwks_uri: z.string().nullable(),
    status: credentialStatus,
    not_before: z.string().nullable(),
    expires_at: z.string().nullable(),
    created_at: z.string(),
    last_used_at: z.string().nullable(),
    last_used_address: z.string().nullable(),
    use_count: z.string().describe('Decimal integer'),
  })
  .meta({ id: 'Credential' });
export type Credential = z.infer<typeof credential>;

export const credentialList = z.object({ data: z.array(credential) }).meta({ id: 'CredentialList' });
export type CredentialList = z.infer<typeof credentialList>;

/** The only answer that carries the secret of an added credential. */
export const credentialWithSecret = credential
  .extend({ client_secret: z.string().optional() })
  .meta({ id: 'CredentialWithSecret' });
export type CredentialWithSecret = z.infer<typeof credentialWithSecret>;

const validity = { label: text(100).nullish(), not_before: instant.nullish(), expires_at: instant.nullish() };

export const addCredentialRequest = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('secret'), secret: clientSecret.optional(), ...validity }),
    z.strictObject({ kind: z.literal('public_key'), jwk: z.record(z.string(), z.unknown()), ...validity }),
  ])
  .meta({ id: 'AddCredentialRequest' });
export type AddCredentialRequest = z.infer<typeof addCredentialRequest>;

export const updateCredentialRequest = z
  .strictObject(validity)
  .refine((body) => Object.keys(body).length > 0, 'must change at least one of label, not_before, expires_at')
  .meta({ id: 'UpdateCredentialRequest' });
export type UpdateCredentialRequest = z.infer<typeof updateCredentialRequest>;

export const credentialParams = z.strictObject({ client_id: clientId, credential_id: z.string().max(64) });
export const deleteCredentialQuery = z.strictObject({ force: z.stringbool().default(false) });

/** Whether a credential can go without anybody noticing, and what says so. */
export const retirement = z
  .object({
    safe_to_retire: z.boolean(),
    reason: z.string(),
    last_used_at: z.string().nullable(),
    last_used_address: z.string().nullable(),
    use_count: z.string(),
    uses_last_hour: z.string(),
    uses_last_day: z.string(),
    live_tokens: z.string().describe('Tokens got with it that are still alive; they live on without it'),
    other_usable_credentials: z.int(),
    silent_for_seconds: z.int().nullable(),
  })
  .meta({ id: 'Retirement' });
export type Retirement = z.infer<typeof retirement>;

export const rotateSecretRequest = z
  .strictObject({
    overlap_seconds: z
      .int()
      .min(0)
      .max(90 * 86_400)
      .default(0)
      .describe('How long the old secrets still work'),
    label: text(100).optional(),
  })
  .meta({ id: 'RotateSecretRequest' });
export type RotateSecretRequest = z.infer<typeof rotateSecretRequest>;
