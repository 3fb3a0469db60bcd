import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { KEY_FOR, type KeyAlgorithm, keyAlgorithmOf, type SignatureAlgorithm, verify } from './algorithms.js';
import { isJsonObject, type JsonObject } from './base64.js';
import { CLOCK_TOLERANCE_MS, instantOf } from './machine-clock.js';
import { type Refusal, refuse, shown } from './refusal.js';

/** A public key of a key set, as it is on the wire: a JWK (RFC 7517) with what it is trusted for. */
export interface PublishedKey {
  readonly kty: string;
  readonly kid: string;
  /** For readers of JWKs: EdDSA, ES256 or RS256. What counts is what the key is. */
  readonly alg: string;
  readonly use: 'sig';
  readonly state: 'active' | 'retired' | 'compromised';
  readonly created_at: string;
  readonly retired_at: string | null;
  /** What it signed from this instant on does not count. */
  readonly compromised_from: string | null;
  readonly [member: string]: unknown;
}

/** A key that may be asked for signatures. Times are milliseconds since 1970. */
export interface TrustedKey {
  readonly kid: string;
  readonly algorithm: KeyAlgorithm;
  readonly publicKey: KeyObject;
  readonly retiredAt: number | null;
  readonly compromisedFrom: number | null;
}

const JWA: Readonly<Record<KeyAlgorithm, string>> = { ed25519: 'EdDSA', 'ecdsa-p256': 'ES256', 'rsa-2048': 'RS256' };
// RFC 7638 §3.2, RFC 8037 §2: in the order of their names
const MEMBERS: Readonly<Record<KeyAlgorithm, readonly string[]>> = {
  ed25519: ['crv', 'kty', 'x'],
  'ecdsa-p256': ['crv', 'kty', 'x', 'y'],
  'rsa-2048': ['e', 'kty', 'n'],
};

/**
 * The public half of a key as it stands in a key set; its kid is the thumbprint of RFC 7638.
 * @throws {TypeError} if it is no key of ours
 */
export function publicJwk(key: KeyObject): {
  kty: string;
  kid: string;
  alg: string;
  use: 'sig';
  [member: string]: string;
} {
  const algorithm = keyAlgorithmOf(key);
  if (algorithm === null) throw new TypeError('A signing key is Ed25519, ECDSA P-256, or RSA of at least 2048 bits.');
  const jwk = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' }) as Record<string, string>;
  const members = Object.fromEntries(MEMBERS[algorithm].map((name) => [name, jwk[name] ?? '']));
  const kid = createHash('sha256').update(JSON.stringify(members)).digest('base64url');
  return { ...members, kty: jwk.kty ?? '', kid, alg: JWA[algorithm], use: 'sig' };
}

/** The keys of a published set that this version can use; what it does not know is passed over (RFC 7517 §5). */
export function trustedKeys(published: readonly unknown[]): readonly TrustedKey[] {
  return published.filter(isJsonObject).flatMap(trustedKey);
}

function trustedKey(jwk: JsonObject): readonly TrustedKey[] {
  const publicKey = publicKeyFrom(jwk);
  const algorithm = publicKey && keyAlgorithmOf(publicKey);
  if (!publicKey || !algorithm || typeof jwk.kid !== 'string') return [];
  const compromisedFrom = instantOf(jwk.compromised_from);
  // A compromised key without a date has been compromised for ever.
  const always = jwk.state === 'compromised' && compromisedFrom === null;
  return [
    {
      kid: jwk.kid,
      algorithm,
      publicKey,
      retiredAt: instantOf(jwk.retired_at),
      compromisedFrom: always ? Number.NEGATIVE_INFINITY : compromisedFrom,
    },
  ];
}

export function publicKeyFrom(jwk: JsonObject): KeyObject | null {
  try {
    const { kty, crv, x, y, n, e } = jwk as Record<string, string>;
    return createPublicKey({ key: { kty, crv, x, y, n, e }, format: 'jwk' });
  } catch {
    return null;
  }
}

export interface ClaimedSignature {
  /** Null: none is named, as in what other issuers make; then every key of the kind is asked. */
  readonly kid: string | null;
  readonly algorithm: SignatureAlgorithm;
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

/** Whose signature it is. */
export function findSigner(
  keys: readonly TrustedKey[],
  claim: ClaimedSignature,
): { readonly ok: true; readonly key: TrustedKey } | Refusal<'unknown_key' | 'wrong_algorithm' | 'bad_signature'> {
  const named = claim.kid === null ? keys : keys.filter((key) => key.kid === claim.kid);
  if (named.length === 0) return refuse('unknown_key', `The key set has no key ${shown(claim.kid)}.`);
  const fitting = named.filter((key) => key.algorithm === KEY_FOR[claim.algorithm]);
  if (fitting.length === 0) {
    const whose = claim.kid === null ? 'No key of the set' : `The key ${shown(claim.kid)} is not one that`;
    return refuse('wrong_algorithm', `${whose} signs with ${claim.algorithm}.`);
  }
  const key = fitting.find((one) => verify(claim.algorithm, one.publicKey, claim.bytes, claim.signature));
  return key ? { ok: true, key } : refuse('bad_signature', 'The signature does not belong to these bytes.');
}

/** Whether a key was still trusted when it signed; `signedAt` null: nobody knows when that was. */
export function refuseBySigningTime(
  key: TrustedKey,
  signedAt: number | null,
): Refusal<'key_compromised' | 'key_retired'> | null {
  if (key.compromisedFrom !== null && (signedAt === null || signedAt >= key.compromisedFrom)) {
    return refuse('key_compromised', `What the key ${shown(key.kid)} signed by then does not count.`);
  }
  // Nodes learn of a rotation one after the other.
  if (key.retiredAt !== null && signedAt !== null && signedAt > key.retiredAt + CLOCK_TOLERANCE_MS) {
    return refuse('key_retired', `The key ${shown(key.kid)} had been retired by then.`);
  }
  return null;
}
