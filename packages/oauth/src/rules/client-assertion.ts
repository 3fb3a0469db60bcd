import {
  type Algorithm,
  algorithmOf,
  type CompactJws,
  isNumericDate,
  isSignedBy,
  type Refusal,
  readCompactJws,
  refusal,
  shown,
} from './compact-jws.js';
import { type ClientKey, JWK_SET_KEYS_MAX } from './jwk-set.js';

/** An assertion that names its client and proves nothing yet. */
export interface UnverifiedAssertion {
  readonly jws: CompactJws;
  readonly clientId: string;
  readonly kid: string | undefined;
}

export type AssertionFault =
  | 'malformed'
  | 'wrong_subject'
  | 'wrong_type'
  | 'wrong_algorithm'
  | 'unknown_key'
  | 'bad_signature'
  | 'wrong_audience'
  | 'invalid_time'
  | 'expired'
  | 'too_long_lived'
  | 'not_yet_valid'
  | 'invalid_jti';

const JTI_LENGTH_MAX = 256;
// RFC 6749 appendix A.1: no client has other characters in its id, so none is looked for.
const VISIBLE = /^[\x20-\x7e]+$/;
// RFC 10070; RFC 8725 §3.11: a token made for another purpose says so in its type and is refused.
const TYPES: readonly unknown[] = [undefined, 'JWT', 'client-authentication+jwt'];

/** Reads a `client_assertion` far enough to find its client: `iss` and `sub` are the client id (RFC 7523 §3). */
export function readClientAssertion(
  text: string,
):
  | { readonly ok: true; readonly assertion: UnverifiedAssertion }
  | Refusal<'malformed' | 'wrong_subject' | 'unknown_key'> {
  const read = readCompactJws(text);
  if (!read.ok) return refusal(read.code, `the assertion cannot be read: ${read.reason}`);
  const { header, claims } = read.jws;
  const { iss, sub } = claims;
  if (typeof sub !== 'string' || !VISIBLE.test(sub))
    return refusal('wrong_subject', `sub was ${shown(sub)}, expected the client id`);
  if (iss !== sub) return refusal('wrong_subject', `iss was ${shown(iss)}, expected the same as sub, ${plain(sub)}`);
  const { kid } = header;
  if (kid !== undefined && typeof kid !== 'string') {
    return refusal('unknown_key', `kid was ${shown(kid)}, expected a text or none`);
  }
  return { ok: true, assertion: { jws: read.jws, clientId: sub, kid } };
}

export interface AssertionFacts<Key extends ClientKey> {
  readonly clientId: string;
  /** The keys of this very client that are valid now. */
  readonly keys: readonly Key[];
  readonly issuer: string;
  readonly tokenEndpoint: string;
  /** Accept the token endpoint's URL as audience, as was usual before RFC 10070. */
  readonly legacyAudience: boolean;
  readonly maxLifetimeSeconds: number;
  readonly skewSeconds: number;
  /** Milliseconds. */
  readonly now: number;
}

export type CheckedAssertion<Key extends ClientKey> =
  | {
      readonly ok: true;
      readonly key: Key;
      readonly jti: string;
      /** Milliseconds; until then the `jti` must be remembered. */
      readonly expiresAt: number;
      readonly audience: 'issuer' | 'token_endpoint';
    }
  | Refusal<AssertionFault>;

/**
 * Whether an assertion authenticates its client (RFC 7523 §3 under RFC 10070), in this order: type, algorithm, key,
 * signature, subject, audience, times, `jti`. Whether the `jti` was used before is the caller's to ask, afterwards.
 * `unknown_key` means that fresher keys of the client might help; nothing in the header leads to a key but `kid`.
 */
export async function checkClientAssertion<Key extends ClientKey>(
  assertion: UnverifiedAssertion,
  facts: AssertionFacts<Key>,
): Promise<CheckedAssertion<Key>> {
  const { header } = assertion.jws;
  if (!TYPES.includes(header.typ)) {
    return refusal('wrong_type', `typ was ${shown(header.typ)}, expected client-authentication+jwt, JWT or none`);
  }
  const algorithm = algorithmOf(header);
  if (!algorithm.ok) return algorithm;
  const candidates = candidateKeys(assertion.kid, algorithm.algorithm, facts.keys);
  if (!candidates.ok) return candidates;
  for (const key of candidates.keys) {
    if (await isSignedBy(assertion.jws, algorithm.algorithm, key.keyObject)) return checkClaims(assertion, facts, key);
  }
  const named = candidates.keys.map(nameOf).join(', ');
  return refusal('bad_signature', `the signature is not that of the client's key ${named}`);
}

const plain = (text: string): string => (/^[\w.:/@-]{1,100}$/.test(text) ? text : shown(text));
const nameOf = (key: ClientKey): string => plain(key.kid ?? key.thumbprint);

function candidateKeys<Key extends ClientKey>(
  kid: string | undefined,
  algorithm: Algorithm,
  keys: readonly Key[],
): { readonly ok: true; readonly keys: readonly Key[] } | Refusal<'unknown_key' | 'wrong_algorithm'> {
  // A key registered without a kid is also known by its thumbprint (RFC 7638 §1).
  const named = kid === undefined ? keys : keys.filter((key) => (key.kid ?? key.thumbprint) === kid);
  const has = keys.length === 0 ? 'no key at all' : keys.map(nameOf).join(', ');
  if (named.length === 0 && kid !== undefined) {
    return refusal('unknown_key', `no key with kid ${plain(kid)}; the client has ${has}`);
  }
  const fitting = named.filter((key) => key.alg === algorithm);
  if (fitting.length > 0) return { ok: true, keys: fitting.slice(0, JWK_SET_KEYS_MAX) };
  if (kid === undefined) return refusal('unknown_key', `no key for ${algorithm}; the client has ${has}`);
  const meant = named.map((key) => key.alg).join(', ');
  return refusal('wrong_algorithm', `alg was ${algorithm}; the key ${plain(kid)} is for ${meant}`);
}

function checkClaims<Key extends ClientKey>(
  { jws: { claims }, clientId }: UnverifiedAssertion,
  facts: AssertionFacts<Key>,
  key: Key,
): CheckedAssertion<Key> {
  if (clientId !== facts.clientId) {
    return refusal('wrong_subject', `sub was ${plain(clientId)}, expected ${plain(facts.clientId)}`);
  }
  const audience = checkAudience(claims.aud, facts);
  if (!audience.ok) return audience;
  const fault = timeFault(claims, facts);
  if (fault !== null) return fault;
  const { jti } = claims;
  if (typeof jti !== 'string' || jti === '' || jti.length > JTI_LENGTH_MAX) {
    return refusal('invalid_jti', `jti was ${shown(jti)}, expected a text of 1 to ${JTI_LENGTH_MAX} characters`);
  }
  const expiresAt = ((claims.exp as number) + facts.skewSeconds) * 1_000;
  return { ok: true, key, jti, expiresAt, audience: audience.audience };
}

type AudienceFacts = Pick<AssertionFacts<ClientKey>, 'issuer' | 'tokenEndpoint' | 'legacyAudience'>;

// RFC 10070: the issuer alone, so that an assertion made for one server is of no use at another.
function checkAudience(
  aud: unknown,
  { issuer, tokenEndpoint, legacyAudience }: AudienceFacts,
): { readonly ok: true; readonly audience: 'issuer' | 'token_endpoint' } | Refusal<'wrong_audience'> {
  const only: unknown = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud;
  if (only === issuer) return { ok: true, audience: 'issuer' };
  if (only === tokenEndpoint && legacyAudience) return { ok: true, audience: 'token_endpoint' };
  if (only === tokenEndpoint) return refusal('wrong_audience', 'aud was the token endpoint, expected the issuer');
  if (only === `${issuer}/`) {
    return refusal('wrong_audience', 'aud was the issuer with a slash at its end, expected the issuer as it is');
  }
  if (Array.isArray(only)) {
    return refusal('wrong_audience', `aud held ${only.length} values, expected the issuer alone`);
  }
  return refusal('wrong_audience', `aud was ${shown(only)}, expected the issuer ${issuer}`);
}

type TimeFacts = Pick<AssertionFacts<ClientKey>, 'now' | 'skewSeconds' | 'maxLifetimeSeconds'>;

function timeFault(
  { exp, iat, nbf }: CompactJws['claims'],
  { now, skewSeconds, maxLifetimeSeconds }: TimeFacts,
): Refusal<'invalid_time' | 'expired' | 'too_long_lived' | 'not_yet_valid'> | null {
  const seconds = now / 1_000;
  for (const [name, value] of Object.entries({ exp, iat, nbf })) {
    if (!isNumericDate(value) && (name === 'exp' || value !== undefined)) {
      return refusal('invalid_time', `${name} was ${shown(value)}, expected seconds since 1970`);
    }
  }
  const ahead = (value: unknown): number => (value as number) - seconds;
  if (ahead(exp) <= -skewSeconds) return refusal('expired', `the assertion expired ${Math.floor(-ahead(exp))} s ago`);
  for (const [name, value] of Object.entries({ iat, nbf })) {
    if (value === undefined || ahead(value) <= skewSeconds) continue;
    const late = Math.ceil(ahead(value));
    return refusal('not_yet_valid', `clock ${late} s fast: ${name} lies ${late} s in the future`);
  }
  if (ahead(exp) > maxLifetimeSeconds + skewSeconds) {
    const lies = `exp lies ${Math.ceil(ahead(exp))} s in the future`;
    return refusal('too_long_lived', `${lies}, at most ${maxLifetimeSeconds} s are accepted`);
  }
  return null;
}
