import { z } from 'zod';
import { page, pageQuery } from './page.js';
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

/** What an operator can show to prove who they are. */
export const proofKind = z.enum(['password', 'totp', 'recovery_code', 'passkey']);
export type ProofKind = z.infer<typeof proofKind>;

/** Who is signed in, and what is still to be done before anything else is allowed: in the order of the three `must`. */
export const session = z
  .object({
    operator: z.object({ id: z.string(), email: z.string().nullable(), name: z.string(), role }),
    must_verify: z.boolean().describe('The second factor is still to be shown'),
    must_set_password: z.boolean(),
    must_enrol: z.boolean().describe('This installation wants a second factor, and there is none yet'),
    proofs: z.array(proofKind).describe('What the operator can prove to be there with'),
    permissions: z.array(z.string()),
    fresh_until: z.string().describe('Until then dangerous acts need no new proof'),
    expires_at: z.string(),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof session>;

export const operator = z
  .object({
    id: z.string(),
    email: z.string().nullable(),
    name: z.string(),
    role,
    status: z.enum(['invited', 'active', 'suspended']),
    second_factors: z.object({ totp: z.boolean(), passkeys: z.int() }),
    sessions: z.int().describe('Sessions that have not ended'),
    last_seen_at: z.string().nullable(),
    created_at: z.string(),
  })
  .meta({ id: 'Operator' });
export type Operator = z.infer<typeof operator>;
export const operatorPage = page(operator, 'OperatorPage');
export type OperatorPage = z.infer<typeof operatorPage>;

const operatorId = z.string().regex(/^opr_[0-9a-z]{26}$/, 'must be the id of an operator');
export const operatorParams = z.strictObject({ operator_id: operatorId });
export const operatorQuery = z.strictObject(pageQuery);
export type OperatorQuery = z.infer<typeof operatorQuery>;

export const inviteRequest = z.strictObject({ email, name: text(200), role }).meta({ id: 'InviteRequest' });
export type InviteRequest = z.infer<typeof inviteRequest>;

/** A link for somebody else, to be handed over by whoever asked for it: only this answer has it. */
export const handedLink = z
  .object({ operator, sign_in_link: z.string(), link_expires_at: z.string() })
  .meta({ id: 'HandedLink' });
export type HandedLink = z.infer<typeof handedLink>;

export const updateOperatorRequest = z
  .strictObject({
    name: text(200).optional(),
    role: role.optional(),
    status: z.enum(['active', 'suspended']).optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'must change something: name, role or status')
  .meta({ id: 'UpdateOperatorRequest' });
export type UpdateOperatorRequest = z.infer<typeof updateOperatorRequest>;

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
