import { createHash, type KeyObject } from 'node:crypto';
import { SIGNATURE_ALGORITHMS, type SignatureAlgorithm, sign } from './algorithms.js';
import { fromPaddedBase64url, isJsonObject, type JsonObject, jsonObjectFrom, toPaddedBase64url } from './base64.js';
import { instantOf } from './machine-clock.js';
import { type Refusal, refuse } from './refusal.js';
import { findSigner, refuseBySigningTime, type TrustedKey } from './trusted-keys.js';

/** How a policy says that its keys are signed. */
export const ALGORITHM_OF_SCHEME = {
  ED25519_SIGN: 'ed25519',
  ECDSA_P256_SIGN: 'ecdsa-p256',
  RSA_2048_PKCS1_PSS_SIGN_V2: 'rsa-pss-sha256',
  RSA_2048_PKCS1_SIGN_V2: 'rsa-sha256',
} as const satisfies Record<string, SignatureAlgorithm>;
export type SignedKeyScheme = keyof typeof ALGORITHM_OF_SCHEME;

/** What a signed key says of itself. Times are RFC 3339, durations seconds or ISO 8601. */
export interface KeyDataset {
  readonly account: { readonly id: string };
  readonly product: { readonly id: string };
  readonly policy: { readonly id: string; readonly duration: number | string | null };
  readonly user: { readonly id: string; readonly email?: string } | null;
  readonly license: { readonly id: string; readonly created: string; readonly expiry: string | null };
  /** When this key was made: a licence may have had others before. */
  readonly issued: string;
}

// Longer than the longest that is made; what is longer costs nothing.
const LENGTH_MAX = 16_384;
const FORM = /^key\/([A-Za-z0-9_=-]+)\.([A-Za-z0-9_=-]+)$/;

/** `key/{dataset}.{signature}`: the dataset with `kid` in base64url with padding, the signature over all before the dot. */
export function makeSignedKey(
  dataset: KeyDataset,
  signing: { readonly scheme: SignedKeyScheme; readonly kid: string; readonly privateKey: KeyObject },
): string {
  const encoded = toPaddedBase64url(Buffer.from(JSON.stringify({ ...dataset, kid: signing.kid })));
  const input = `key/${encoded}`;
  const signature = sign(ALGORITHM_OF_SCHEME[signing.scheme], signing.privateKey, Buffer.from(input));
  return `${input}.${toPaddedBase64url(signature)}`;
}

export interface ReadKey {
  readonly ok: true;
  /** Who signed. */
  readonly key: TrustedKey;
  readonly dataset: JsonObject;
  readonly signedAt: number | null;
  readonly licenseId: string | null;
  /** The instant after which it is expired; null: never, as far as the key says. */
  readonly expiresAt: number | null;
}

/** Verifies who made a signed key and when; not whether it is expired or revoked. `scheme` narrows what it may be. */
export function readSignedKey(
  text: string,
  keys: readonly TrustedKey[],
  scheme: SignedKeyScheme | null = null,
): ReadKey | Refusal {
  const match = text.length > LENGTH_MAX ? null : FORM.exec(text);
  if (!match) return refuse('malformed', 'It is not key/, a dataset, a dot and a signature in base64url.');
  const bytes = fromPaddedBase64url(match[1]);
  const signature = fromPaddedBase64url(match[2]);
  const dataset = jsonObjectFrom(bytes);
  if (!signature || !dataset) return refuse('malformed', 'Its dataset or signature is not whole.');
  const kid = dataset.kid ?? null;
  if (kid !== null && typeof kid !== 'string') return refuse('malformed', 'The kid in its dataset is not a text.');
  const signer = firstSigner(keys, { kid, bytes: Buffer.from(`key/${match[1]}`), signature }, scheme);
  if (!signer.ok) return signer;
  const license = isJsonObject(dataset.license) ? dataset.license : {};
  const signedAt = instantOf(dataset.issued) ?? instantOf(license.created);
  return (
    refuseBySigningTime(signer.key, signedAt) ?? {
      ok: true,
      key: signer.key,
      dataset,
      signedAt,
      licenseId: typeof license.id === 'string' ? license.id : null,
      expiresAt: instantOf(license.expiry),
    }
  );
}

/** SHA-256 of a key, base64url: how the revocation list names it. */
export const keyDigest = (key: string): string => createHash('sha256').update(key).digest('base64url');

// The text does not say its scheme. The key that is named can sign in one way, or in two if it is of RSA.
function firstSigner(
  keys: readonly TrustedKey[],
  claim: { readonly kid: string | null; readonly bytes: Uint8Array; readonly signature: Uint8Array },
  scheme: SignedKeyScheme | null,
): ReturnType<typeof findSigner> {
  const algorithms = scheme === null ? SIGNATURE_ALGORITHMS : [ALGORITHM_OF_SCHEME[scheme]];
  const answers = algorithms.map((algorithm) => findSigner(keys, { ...claim, algorithm }));
  return (
    answers.find((answer) => answer.ok) ??
    answers.find((answer) => !answer.ok && answer.reason === 'bad_signature') ??
    answers[0] ??
    refuse('bad_signature', 'Nobody has signed it.')
  );
}
