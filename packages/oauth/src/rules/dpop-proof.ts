import { createHash } from 'node:crypto';
import {
  algorithmOf,
  type CompactJws,
  isNumericDate,
  isSignedBy,
  type Refusal,
  readCompactJws,
  refusal,
  shown,
} from './compact-jws.js';
import { type ReadJwk, readJwk } from './jwk-set.js';

export type ProofFault =
  | 'missing'
  | 'several_proofs'
  | 'malformed'
  | 'wrong_type'
  | 'wrong_algorithm'
  | 'invalid_key'
  | 'bad_signature'
  | 'wrong_method'
  | 'wrong_url'
  | 'invalid_time'
  | 'too_old'
  | 'expired'
  | 'not_yet_valid'
  | 'invalid_jti'
  | 'wrong_token'
  | 'nonce_missing'
  | 'nonce_stale';

export interface ProofFacts {
  /** The DPoP header as it came: joined by commas or as a list if there were several. */
  readonly proof: string | readonly string[] | undefined;
  readonly method: string;
  /** The URL that was called, as the outside knows it. */
  readonly url: string;
  /** Given where a token is used: the proof must be made for it (`ath`). */
  readonly accessToken?: string;
  /** Reads the public key in the header; given by callers that remember keys. */
  readonly readKey?: (jwk: unknown) => ReadJwk;
  readonly nonce: { readonly required: boolean; readonly isFresh: (nonce: string) => boolean };
  readonly maxAgeSeconds: number;
  readonly skewSeconds: number;
  /** Milliseconds. */
  readonly now: number;
}

export type CheckedProof =
  | {
      readonly ok: true;
      /** RFC 7638 thumbprint of the proof's key, for `cnf.jkt`. */
      readonly jkt: string;
      readonly jti: string;
      /** Milliseconds; until then the `jti` must be remembered, for this key. */
      readonly expiresAt: number;
    }
  | (Refusal<ProofFault> & {
      /** `use_dpop_nonce`: all else holds, and the same proof with a fresh nonce will do. */
      readonly error: 'invalid_dpop_proof' | 'use_dpop_nonce';
    });

const JTI_LENGTH_MAX = 256;

/**
 * Whether a DPoP proof holds (RFC 9449 §4.3), in the order: form, key, signature, request, times, `jti`, token, nonce.
 * Whether the `jti` was used before is the caller's to ask, afterwards.
 */
export async function checkDpopProof(facts: ProofFacts): Promise<CheckedProof> {
  const read = readProof(facts.proof);
  if (!read.ok) return invalid(read);
  const { header, claims } = read.jws;
  if (header.typ !== 'dpop+jwt')
    return invalid(refusal('wrong_type', `typ was ${shown(header.typ)}, expected dpop+jwt`));
  const algorithm = algorithmOf(header);
  if (!algorithm.ok) return invalid(algorithm);
  const jwk = facts.readKey?.(header.jwk) ?? readProofKey(header.jwk);
  if (!jwk.ok)
    return invalid(refusal('invalid_key', jwk.faults.map(({ path, message }) => `${path}: ${message}`).join(' ')));
  if (jwk.key.alg !== algorithm.algorithm) {
    return invalid(refusal('wrong_algorithm', `alg was ${algorithm.algorithm}; the key in jwk is for ${jwk.key.alg}`));
  }
  if (!(await isSignedBy(read.jws, algorithm.algorithm, jwk.key.keyObject))) {
    return invalid(refusal('bad_signature', 'the signature is not that of the key in jwk'));
  }
  const fault = requestFault(claims, facts) ?? timeFault(claims, facts) ?? bindingFault(claims, facts);
  if (fault !== null) return invalid(fault);
  const stale = nonceFault(claims.nonce, facts.nonce);
  if (stale !== null) return { ...stale, error: 'use_dpop_nonce' };
  return {
    ok: true,
    jkt: jwk.key.thumbprint,
    jti: claims.jti as string,
    expiresAt: ((claims.iat as number) + facts.maxAgeSeconds) * 1_000,
  };
}

/** The public key in the header of a proof. */
export const readProofKey = (jwk: unknown): ReadJwk => readJwk(jwk, '/jwk');

const invalid = (fault: Refusal<ProofFault>): CheckedProof => ({ ...fault, error: 'invalid_dpop_proof' });

function readProof(
  proof: ProofFacts['proof'],
): { readonly ok: true; readonly jws: CompactJws } | Refusal<'missing' | 'several_proofs' | 'malformed'> {
  if (proof === undefined) return refusal('missing', 'there is no DPoP header');
  // RFC 9449 §4.3: not more than one. Servers join repeated headers by commas, which a JWS never has.
  if (typeof proof !== 'string' || proof.includes(',')) {
    return refusal('several_proofs', 'there is more than one DPoP proof');
  }
  const read = readCompactJws(proof);
  return read.ok ? read : refusal('malformed', `the proof cannot be read: ${read.reason}`);
}

function requestFault({ htm, htu }: CompactJws['claims'], { method, url }: ProofFacts): Refusal<ProofFault> | null {
  if (htm !== method) return refusal('wrong_method', `htm was ${shown(htm)}, expected ${method}`);
  const given = typeof htu === 'string' ? normalized(htu) : null;
  if (given === null || given !== normalized(url)) {
    return refusal('wrong_url', `htu was ${shown(htu)}, expected ${url}`);
  }
  return null;
}

const HTTP_URL =
  /^(https?):\/\/(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([1-9]\d{0,4}))?(\/[!$-;=@-Z_a-z~]*)?(?:[?#][!-~]*)?$/i;

/** RFC 9449 §4.3: case of scheme and host, the default port, no query, no fragment. Paths are compared as they are. */
function normalized(url: string): string | null {
  const match = HTTP_URL.exec(url);
  if (match === null) return null;
  const scheme = match[1]?.toLowerCase();
  const port = Number(match[3] ?? (scheme === 'https' ? 443 : 80));
  return `${scheme}://${match[2]?.toLowerCase()}:${port}${match[4] ?? '/'}`;
}

function timeFault({ iat, nbf, exp }: CompactJws['claims'], facts: ProofFacts): Refusal<ProofFault> | null {
  for (const [name, value] of Object.entries({ iat, nbf, exp })) {
    if (!isNumericDate(value) && (name === 'iat' || value !== undefined)) {
      return refusal('invalid_time', `${name} was ${shown(value)}, expected seconds since 1970`);
    }
  }
  const ahead = (value: unknown): number => (value as number) - facts.now / 1_000;
  if (ahead(iat) <= -facts.maxAgeSeconds) {
    const made = `the proof was made ${Math.floor(-ahead(iat))} s ago`;
    return refusal('too_old', `${made}, at most ${facts.maxAgeSeconds} s are accepted`);
  }
  for (const [name, value] of Object.entries({ iat, nbf })) {
    if (value === undefined || ahead(value) <= facts.skewSeconds) continue;
    const late = Math.ceil(ahead(value));
    return refusal('not_yet_valid', `clock ${late} s fast: ${name} lies ${late} s in the future`);
  }
  if (exp !== undefined && ahead(exp) <= -facts.skewSeconds) {
    return refusal('expired', `the proof expired ${Math.floor(-ahead(exp))} s ago`);
  }
  return null;
}

function bindingFault({ jti, ath }: CompactJws['claims'], { accessToken }: ProofFacts): Refusal<ProofFault> | null {
  if (typeof jti !== 'string' || jti === '' || jti.length > JTI_LENGTH_MAX) {
    return refusal('invalid_jti', `jti was ${shown(jti)}, expected a text of 1 to ${JTI_LENGTH_MAX} characters`);
  }
  if (accessToken === undefined) return null;
  if (ath === createHash('sha256').update(accessToken).digest('base64url')) return null;
  return refusal('wrong_token', ath === undefined ? 'ath is missing' : 'ath is the digest of another access token');
}

function nonceFault(nonce: unknown, { required, isFresh }: ProofFacts['nonce']): Refusal<ProofFault> | null {
  if (nonce === undefined) return required ? refusal('nonce_missing', 'the proof has no nonce') : null;
  if (typeof nonce === 'string' && isFresh(nonce)) return null;
  return refusal('nonce_stale', 'the nonce is not one of ours from the last minutes');
}
