import { z } from 'zod';
import { text } from './text.js';

export const role = z.enum(['owner', 'admin', 'finance', 'developer', 'auditor']);
export type Role = z.infer<typeof role>;

export const PASSWORD_LENGTH_MIN = 15;
const password = z
  .string()
  .min(PASSWORD_LENGTH_MIN, `must be at least ${PASSWORD_LENGTH_MIN} characters`)
  .max(256)
  .refine((value) => value.isWellFormed(), 'must be well-formed Unicode');

const email = z
  .email('must be an e-mail address')
  .max(254)
  .transform((value) => value.toLowerCase());

export const signInRequest = z
  .strictObject({ email, password: z.string().min(1).max(256) })
  .meta({ id: 'SignInRequest' });
export type SignInRequest = z.infer<typeof signInRequest>;

export const redeemLinkRequest = z
  .strictObject({ token: z.string().min(1).max(256) })
  .meta({ id: 'RedeemLinkRequest' });

export const setPasswordRequest = z
  .strictObject({ email, name: text(200), password })
  .meta({ id: 'SetPasswordRequest' });
export type SetPasswordRequest = z.infer<typeof setPasswordRequest>;

/** Who is signed in. Right after a one-time link the password is still to be set, and nothing else is allowed. */
export const session = z
  .object({
    operator: z.object({ id: z.string(), email: z.string().nullable(), name: z.string(), role }),
    must_set_password: z.boolean(),
    permissions: z.array(z.string()),
    expires_at: z.string(),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof session>;

/** The console's first page. */
export const overview = z
  .object({
    issuer: z.string(),
    checklist: z.array(
      z.object({ step: z.enum(['create_client', 'first_token', 'revoke_token']), done_at: z.string().nullable() }),
    ),
    clients: z.object({ active: z.int(), suspended: z.int(), expired: z.int(), expiring_within_30_days: z.int() }),
    expiring: z
      .array(
        z.object({
          kind: z.enum(['client', 'credential']),
          client_id: z.string(),
          id: z.string(),
          label: z.string(),
          expires_at: z.string(),
        }),
      )
      .describe('What ends within 30 days, the soonest first, 20 at most'),
    tokens_per_hour: z.array(z.object({ hour: z.string(), issued: z.string() })),
  })
  .meta({ id: 'Overview' });
export type Overview = z.infer<typeof overview>;
