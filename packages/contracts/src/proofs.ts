import { z } from 'zod';
import { text } from './text.js';

const base64url = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(/^[A-Za-z0-9_-]+$/, 'must be base64url');

// WebAuthn Level 3 §5.1: what the browser gives, in JSON.
const credentialJson = {
  id: base64url(1_400),
  rawId: base64url(1_400),
  type: z.literal('public-key'),
  authenticatorAttachment: z.string().max(30).nullish(),
  clientExtensionResults: z.record(z.string(), z.unknown()),
};
const assertion = z
  .strictObject({
    ...credentialJson,
    response: z.strictObject({
      clientDataJSON: base64url(4_096),
      authenticatorData: base64url(4_096),
      signature: base64url(8_192),
      userHandle: base64url(128).nullish(),
    }),
  })
  .meta({ id: 'PasskeyAssertion' });
export type PasskeyAssertion = z.infer<typeof assertion>;

const attestation = z
  .strictObject({
    ...credentialJson,
    response: z.strictObject({
      clientDataJSON: base64url(4_096),
      attestationObject: base64url(16_384),
      authenticatorData: base64url(8_192).nullish(),
      transports: z.array(z.string().max(30)).max(10).optional(),
      publicKeyAlgorithm: z.int().optional(),
      publicKey: base64url(8_192).nullish(),
    }),
  })
  .meta({ id: 'PasskeyAttestation' });
export type PasskeyAttestation = z.infer<typeof attestation>;

/** What `navigator.credentials` is to be called with, in JSON. */
export const passkeyOptions = z.looseObject({ challenge: z.string() }).meta({ id: 'PasskeyOptions' });

const code = z
  .string()
  .regex(/^\d{3} ?\d{3}$/, 'must be the six digits of the authenticator app')
  .transform((digits) => digits.replace(' ', ''));
const recoveryCode = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[0-9a-z]{6}(-[0-9a-z]{6}){3}$/, 'must be a recovery code: four groups of six characters');

const isOne = (proof: object): boolean => Object.values(proof).filter((value) => value !== undefined).length === 1;

export const verifyRequest = z
  .strictObject({ code: code.optional(), recovery_code: recoveryCode.optional(), passkey: assertion.optional() })
  .refine(isOne, 'must hold one of code, recovery_code and passkey')
  .meta({ id: 'VerifyRequest' });
export type VerifyRequest = z.infer<typeof verifyRequest>;

export const stepUpRequest = z
  .strictObject({
    password: z.string().min(1).max(256).optional(),
    code: code.optional(),
    passkey: assertion.optional(),
  })
  .refine(isOne, 'must hold one of password, code and passkey')
  .meta({ id: 'StepUpRequest' });
export type StepUpRequest = z.infer<typeof stepUpRequest>;

export const passkeySignInRequest = z.strictObject({ passkey: assertion }).meta({ id: 'PasskeySignInRequest' });

export const passkey = z
  .object({
    id: z.string(),
    name: z.string(),
    synced: z.boolean().describe('Copied between the devices of its owner'),
    created_at: z.string(),
    last_used_at: z.string().nullable(),
  })
  .meta({ id: 'Passkey' });
export type Passkey = z.infer<typeof passkey>;

export const secondFactors = z
  .object({
    required: z.boolean().describe('By REQUIRE_SECOND_FACTOR, for the role of this operator'),
    totp: z.object({ since: z.string() }).nullable(),
    passkeys: z.array(passkey),
    passkeys_available: z.boolean().describe('False where ISSUER_URL is no https address with a name, nor localhost'),
    recovery_codes_left: z.int(),
  })
  .meta({ id: 'SecondFactors' });
export type SecondFactors = z.infer<typeof secondFactors>;

export const totpEnrolment = z
  .object({ secret: z.string().describe('Base32'), uri: z.string().describe('otpauth, for a QR code') })
  .meta({ id: 'TotpEnrolment' });
export type TotpEnrolment = z.infer<typeof totpEnrolment>;

export const confirmTotpRequest = z.strictObject({ code }).meta({ id: 'ConfirmTotpRequest' });

export const addPasskeyRequest = z.strictObject({ name: text(100), attestation }).meta({ id: 'AddPasskeyRequest' });
export type AddPasskeyRequest = z.infer<typeof addPasskeyRequest>;
export const renamePasskeyRequest = z.strictObject({ name: text(100) }).meta({ id: 'RenamePasskeyRequest' });
export const passkeyParams = z.strictObject({ passkey_id: z.string().regex(/^pky_[0-9a-z]{26}$/) });

/** Each stands in for the second factor once. Only this answer has them. */
export const recoveryCodes = z.object({ recovery_codes: z.array(z.string()) }).meta({ id: 'RecoveryCodes' });
export type RecoveryCodes = z.infer<typeof recoveryCodes>;

/** The first second factor brings recovery codes along; later ones leave them as they are. */
export const addedFactor = z
  .object({ passkey: passkey.nullable(), recovery_codes: z.array(z.string()).nullable() })
  .meta({ id: 'AddedFactor' });
export type AddedFactor = z.infer<typeof addedFactor>;

export const openSession = z
  .object({
    id: z.string(),
    current: z.boolean().describe('The one that asks'),
    address: z.string().nullable(),
    user_agent: z.string().nullable(),
    created_at: z.string(),
    last_seen_at: z.string(),
    expires_at: z.string(),
  })
  .meta({ id: 'OpenSession' });
export type OpenSession = z.infer<typeof openSession>;
export const openSessions = z.object({ data: z.array(openSession) }).meta({ id: 'OpenSessions' });
export type OpenSessions = z.infer<typeof openSessions>;
export const sessionParams = z.strictObject({ session_id: z.string().regex(/^ses_[0-9a-z]{26}$/) });
