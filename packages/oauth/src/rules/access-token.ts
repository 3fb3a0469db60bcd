import { type KeyObject, sign, verify } from 'node:crypto';
import type { EntitlementsClaim } from './entitlements-claim.js';

/** The claims of a JWT access token, RFC 9068 §2.2. Times are seconds. */
export interface AccessTokenClaims {
  readonly iss: string;
  readonly exp: number;
  readonly aud: string | readonly string[];
  readonly sub: string;
  readonly client_id: string;
  readonly iat: number;
  readonly jti: string;
  readonly scope: string;
  /** Id of the credential it was got with: by it, it can be revoked. */
  readonly cred?: string;
  /** Id of the refresh family it belongs to, if any. */
  readonly fam?: string;
  /** What the customer of the client may do: epoch, hash and features of its snapshot. */
  readonly entitlements?: EntitlementsClaim;
  /** RFC 9449 §6.1: thumbprint of the key it is bound to. */
  readonly cnf?: { readonly jkt: string };
}

export interface TokenFacts {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  readonly audience: string | readonly string[];
  readonly ttlSeconds: number;
  /** Nothing outlives its client, nor its refresh family. */
  readonly notAfter: Date | null;
  readonly credentialId: string;
  readonly familyId: string | undefined;
  readonly jkt: string | undefined;
  /** Undefined for a client of the installation itself. */
  readonly entitlements: EntitlementsClaim | undefined;
  readonly jti: string;
  readonly now: number;
}

export function accessTokenClaims(facts: TokenFacts): AccessTokenClaims {
  const iat = Math.floor(facts.now / 1_000);
  const last = facts.notAfter === null ? Number.POSITIVE_INFINITY : Math.floor(facts.notAfter.getTime() / 1_000);
  return {
    iss: facts.issuer,
    exp: Math.min(iat + facts.ttlSeconds, last),
    aud: facts.audience,
    // RFC 9068 §2.2: without a resource owner the subject is the client.
    sub: facts.clientId,
    client_id: facts.clientId,
    iat,
    jti: facts.jti,
    scope: facts.scope,
    cred: facts.credentialId,
    ...(facts.familyId !== undefined && { fam: facts.familyId }),
    ...(facts.jkt !== undefined && { cnf: { jkt: facts.jkt } }),
    ...(facts.entitlements !== undefined && { entitlements: facts.entitlements }),
  };
}

export interface SigningKeyPair {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const headers = new WeakMap<SigningKeyPair, string>();
const beginnings = new WeakMap<EntitlementsClaim, string>();

/**
 * The payload in base64url. What the customer may do is by far its longest claim and the same in all tokens of an epoch:
 * it stands first, filled up with blanks to whole groups of three bytes, and is written and encoded once.
 */
function encodePayload({ entitlements, ...others }: AccessTokenClaims): string {
  if (entitlements === undefined) return encode(others);
  let beginning = beginnings.get(entitlements);
  if (beginning === undefined) {
    const text = `{"entitlements":${JSON.stringify(entitlements)},`;
    const blanks = ' '.repeat((3 - (Buffer.byteLength(text) % 3)) % 3);
    beginning = Buffer.from(text + blanks).toString('base64url');
    beginnings.set(entitlements, beginning);
  }
  return beginning + Buffer.from(JSON.stringify(others).slice(1)).toString('base64url');
}

/**
 * A compact ES256 JWT with `typ: at+jwt` (RFC 9068 §2.1).
 * Signed on the thread pool: the event loop goes on with other requests meanwhile.
 */
export function signAccessToken(key: SigningKeyPair, claims: AccessTokenClaims): Promise<string> {
  let header = headers.get(key);
  if (header === undefined) {
    header = encode({ alg: 'ES256', typ: 'at+jwt', kid: key.kid });
    headers.set(key, header);
  }
  const input = `${header}.${encodePayload(claims)}`;
  return new Promise((resolve, reject) => {
    sign('sha256', Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' }, (error, signature) => {
      if (error) reject(error);
      else resolve(`${input}.${signature.toString('base64url')}`);
    });
  });
}

/** Why a text is not an access token of ours. */
export type TokenFault =
  | 'malformed'
  | 'wrong_type'
  | 'wrong_algorithm'
  | 'unknown_key'
  | 'bad_signature'
  | 'wrong_issuer'
  /** Of our opaque form, but none that lives. */
  | 'unknown_token';

export type VerifiedToken =
  /** `kid`: the key that signed it; undefined for an opaque token. */
  | { readonly ok: true; readonly claims: AccessTokenClaims; readonly kid: string | undefined }
  | { readonly ok: false; readonly fault: TokenFault };

const TOKEN = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})$/;
// Room for the longest scope and the largest features that a token may carry.
export const TOKEN_LENGTH_MAX = 12_288;

/**
 * Verifies form, type, algorithm, key and signature, in that order; whether the token is still alive is another question.
 * The key is found by `kid` among our own keys only; `jku`, `jwk`, `x5u` and the like are never looked at (RFC 8725 §3.10).
 */
export function verifyAccessToken(
  token: string,
  publicKey: (kid: string) => KeyObject | undefined,
  issuer: string,
): VerifiedToken {
  const match = token.length <= TOKEN_LENGTH_MAX ? TOKEN.exec(token) : null;
  const header = match && decodeObject(match[1]);
  const payload = match && decodeObject(match[2]);
  if (!match || !header || !payload || 'crit' in header || 'zip' in header) return { ok: false, fault: 'malformed' };
  if (header.typ !== 'at+jwt') return { ok: false, fault: 'wrong_type' };
  if (header.alg !== 'ES256') return { ok: false, fault: 'wrong_algorithm' };
  const key = typeof header.kid === 'string' ? publicKey(header.kid) : undefined;
  if (key === undefined) return { ok: false, fault: 'unknown_key' };
  const input = Buffer.from(`${match[1]}.${match[2]}`);
  const signature = Buffer.from(match[3] ?? '', 'base64url');
  // One signature has one spelling: the spare bits of the last character must not make a second token of it.
  if (signature.toString('base64url') !== match[3]) return { ok: false, fault: 'bad_signature' };
  if (!verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature))
    return { ok: false, fault: 'bad_signature' };
  if (!isClaims(payload)) return { ok: false, fault: 'malformed' };
  if (payload.iss !== issuer) return { ok: false, fault: 'wrong_issuer' };
  return { ok: true, claims: payload, kid: header.kid as string };
}

/** A JSON object from base64url, or null. */
export function decodeObject(encoded: string | undefined): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(encoded ?? '', 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function isClaims(payload: Record<string, unknown>): payload is Record<string, unknown> & AccessTokenClaims {
  const texts = ['iss', 'sub', 'client_id', 'jti', 'scope'].every((name) => typeof payload[name] === 'string');
  const optional = ['cred', 'fam'].every((name) => payload[name] === undefined || typeof payload[name] === 'string');
  const numbers = Number.isSafeInteger(payload.exp) && Number.isSafeInteger(payload.iat);
  return texts && optional && numbers && isAudience(payload.aud) && isConfirmation(payload.cnf);
}

const isConfirmation = (value: unknown): boolean =>
  value === undefined ||
  (typeof value === 'object' && value !== null && 'jkt' in value && typeof value.jkt === 'string');

const isAudience = (value: unknown): boolean =>
  typeof value === 'string' ||
  (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string'));
