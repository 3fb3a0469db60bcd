import { z } from 'zod';

/** How licence keys, files, lists and responses are signed. */
export const licenseAlgorithm = z.enum(['ed25519', 'ecdsa-p256', 'rsa-2048']);
export type LicenseAlgorithm = z.infer<typeof licenseAlgorithm>;

/** A public key, with what it is trusted for. */
export const licenseJwk = z.looseObject({
  kty: z.string(),
  kid: z.string(),
  alg: z.string(),
  use: z.literal('sig'),
  state: z.enum(['active', 'retired', 'compromised']),
  created_at: z.string(),
  retired_at: z.string().nullable(),
  compromised_from: z.string().nullable().describe('What it signed from this instant on does not count'),
});
export type LicenseJwk = z.infer<typeof licenseJwk>;

/** `GET /.well-known/license-keys.json`. `signed` is the same as a compact JWS by the root. */
export const licenseKeySet = z
  .object({
    account: z.string(),
    version: z.int(),
    issued_at: z.string(),
    root: z.looseObject({ kty: z.string(), kid: z.string() }),
    keys: z.array(licenseJwk),
    signed: z.string(),
  })
  .meta({ id: 'LicenseKeySet' });
export type LicenseKeySet = z.infer<typeof licenseKeySet>;

/** The payload of a revocation list, a compact JWS at `/.well-known/license-revocations.jws` and in every file. */
export const revocationList = z
  .object({
    account: z.string(),
    sequence: z.int().describe('Only grows: a lower one is older'),
    issued_at: z.string(),
    next_update: z.string(),
    revoked: z.array(
      z.object({
        license: z.string(),
        key_digest: z.string().describe('SHA-256 of the key, base64url'),
        reason: z.enum(['revoked', 'reissued']),
        at: z.string(),
      }),
    ),
  })
  .meta({ id: 'LicenseRevocationList' });
export type RevocationList = z.infer<typeof revocationList>;

export const rotateLicenseKeyRequest = z
  .strictObject({
    algorithm: licenseAlgorithm,
    compromised_from: z.iso.datetime({ offset: true }).optional().describe('The old key is compromised since then'),
  })
  .meta({ id: 'RotateLicenseKeyRequest' });
export type RotateLicenseKeyRequest = z.infer<typeof rotateLicenseKeyRequest>;
