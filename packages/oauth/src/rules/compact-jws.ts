import { isUtf8 } from 'node:buffer';
import { constants, type KeyObject, verify } from 'node:crypto';

/** The algorithms in which others may sign for us (RFC 8725 §3.1): no `none`, no HMAC, no RS256. */
export type Algorithm = 'ES256' | 'PS256' | 'EdDSA';

// RFC 9864 §2.2 gives EdDSA with this curve a name of its own, which Web Crypto uses.
const NAMES = new Map<unknown, Algorithm>([
  ['ES256', 'ES256'],
  ['PS256', 'PS256'],
  ['EdDSA', 'EdDSA'],
  ['Ed25519', 'EdDSA'],
]);
/** For the metadata: `token_endpoint_auth_signing_alg_values_supported`, `dpop_signing_alg_values_supported`. */
export const ALGORITHM_NAMES: readonly string[] = ['ES256', 'PS256', 'EdDSA', 'Ed25519'];
export const algorithmNamed = (name: unknown): Algorithm | undefined => NAMES.get(name);

/** A JWS of three parts, read and not yet verified. */
export interface CompactJws {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signingInput: string;
  readonly signature: Buffer;
}

/** Why a signed text is refused: `code` is stable, `reason` is exact and for the owner's eyes only. */
export interface Refusal<Code extends string> {
  readonly ok: false;
  readonly code: Code;
  readonly reason: string;
}

export const refusal = <Code extends string>(code: Code, reason: string): Refusal<Code> => ({
  ok: false,
  code,
  reason,
});

const COMPACT = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)$/;
export const JWS_LENGTH_MAX = 8_192;

/** Reads a compact JWS (RFC 7515 §7.1) whose payload is a JSON object; it holds for no key that the header names. */
export function readCompactJws(text: string): { readonly ok: true; readonly jws: CompactJws } | Refusal<'malformed'> {
  // Refused before it is parsed: an encrypted, compressed or endless text must cost nothing.
  if (text.length > JWS_LENGTH_MAX) return refusal('malformed', `it is longer than ${JWS_LENGTH_MAX} characters`);
  const match = COMPACT.exec(text);
  if (match === null) return refusal('malformed', 'it is not three parts of base64url joined by dots');
  const [, first = '', second = '', third = ''] = match;
  const header = jsonObject(first);
  if (header === null) return refusal('malformed', 'its header is not a JSON object in base64url');
  for (const name of ['crit', 'b64', 'zip']) {
    if (Object.hasOwn(header, name)) return refusal('malformed', `its header has ${name}, which is not supported`);
  }
  const claims = jsonObject(second);
  if (claims === null) return refusal('malformed', 'its payload is not a JSON object in base64url');
  const signature = fromBase64url(third);
  if (signature === null) return refusal('malformed', 'its signature is not base64url in its one spelling');
  return { ok: true, jws: { header, claims, signingInput: `${first}.${second}`, signature } };
}

export function algorithmOf(
  header: CompactJws['header'],
): { readonly ok: true; readonly algorithm: Algorithm } | Refusal<'wrong_algorithm'> {
  const algorithm = algorithmNamed(header.alg);
  if (algorithm !== undefined) return { ok: true, algorithm };
  return refusal('wrong_algorithm', `alg was ${shown(header.alg)}, expected one of ${ALGORITHM_NAMES.join(', ')}`);
}

/** Whether the signature is that key's. On the thread pool: the event loop goes on with other requests meanwhile. */
export function isSignedBy(jws: CompactJws, algorithm: Algorithm, key: KeyObject): Promise<boolean> {
  const input = Buffer.from(jws.signingInput);
  return new Promise((resolve) => {
    verify(algorithm === 'EdDSA' ? null : 'sha256', input, parameters(algorithm, key), jws.signature, (error, valid) =>
      resolve(error === null && valid),
    );
  });
}

// RFC 7518 §3.4: R ‖ S, never DER. §3.5: the salt is as long as the digest.
function parameters(algorithm: Algorithm, key: KeyObject) {
  if (algorithm === 'ES256') return { key, dsaEncoding: 'ieee-p1363' as const };
  if (algorithm === 'EdDSA') return { key };
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
}

/** The bytes of a base64url text in its one spelling (no padding, no spare bits, RFC 4648 §3.5), or null. */
export function fromBase64url(text: unknown): Buffer | null {
  if (typeof text !== 'string') return null;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}

function jsonObject(encoded: string): Record<string, unknown> | null {
  const bytes = fromBase64url(encoded);
  if (bytes === null || !isUtf8(bytes)) return null;
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 7519 §2: seconds since 1970, fractions allowed. `1e400` is read as Infinity and is none. */
export const isNumericDate = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

/** A stranger's value for a reason: on one line, in ASCII, short. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value).replace(/[^\x20-\x7e]/g, '?');
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
