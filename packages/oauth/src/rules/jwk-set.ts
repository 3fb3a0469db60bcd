import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import type { FieldFault } from '@bastionary/contracts/problem';
import { type Algorithm, algorithmNamed, fromBase64url, isRecord, shown } from './compact-jws.js';

/** A public key with which a client signs. */
export interface ClientKey {
  readonly kid: string | null;
  readonly alg: Algorithm;
  readonly keyObject: KeyObject;
  /** RFC 7638, SHA-256, base64url. */
  readonly thumbprint: string;
}

/** What is kept of a JWK: the public members that make the key, and its kid. */
export type PublicJwk = Readonly<Record<string, string>>;

export type ReadJwk =
  | { readonly ok: true; readonly key: ClientKey; readonly publicJwk: PublicJwk }
  | { readonly ok: false; readonly faults: readonly FieldFault[] };

export type ReadJwkSet =
  | { readonly ok: true; readonly keys: readonly { readonly key: ClientKey; readonly publicJwk: PublicJwk }[] }
  | { readonly ok: false; readonly faults: readonly FieldFault[] };

export const JWK_SET_KEYS_MAX = 20;
const RSA_BITS_MIN = 2_048;
const RSA_BITS_MAX = 8_192;
const KID = /^[\x20-\x7e]{1,255}$/;
// RFC 7518 §6.2.2, §6.3.2, §6.4.1, RFC 8037 §2
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** A JWK Set (RFC 7517 §5) to be registered: every key must be usable, or all faults are told. */
export function readJwkSet(value: unknown, path = '/jwks'): ReadJwkSet {
  const list = isRecord(value) ? value.keys : undefined;
  if (!Array.isArray(list)) return unusable(path, 'invalid_jwk_set', 'A JWK Set is an object with a list "keys".');
  if (list.length === 0 || list.length > JWK_SET_KEYS_MAX) {
    return unusable(`${path}/keys`, 'invalid_jwk_set', `Give 1 to ${JWK_SET_KEYS_MAX} keys; there are ${list.length}.`);
  }
  const read = list.map((jwk, index) => readJwk(jwk, `${path}/keys/${index}`));
  const faults = read.flatMap((one) => (one.ok ? [] : one.faults));
  const keys = read.flatMap((one) => (one.ok ? [one] : []));
  if (faults.length === 0) faults.push(...duplicates(keys, path));
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, keys: keys.map(({ key, publicJwk }) => ({ key, publicJwk })) };
}

/** The usable keys of a JWK Set that was fetched; others are passed over (RFC 7517 §5). Null: it is no JWK Set. */
export function usableKeys(value: unknown): readonly ClientKey[] | null {
  const list = isRecord(value) ? value.keys : undefined;
  if (!Array.isArray(list)) return null;
  const keys: ClientKey[] = [];
  // Each key costs a check of its point or modulus, so what is looked at is bounded as well as what is kept.
  for (const jwk of list.slice(0, 5 * JWK_SET_KEYS_MAX)) {
    const read = readJwk(jwk, '');
    if (!read.ok || keys.some((key) => key.thumbprint === read.key.thumbprint)) continue;
    keys.push(read.key);
    if (keys.length === JWK_SET_KEYS_MAX) break;
  }
  return keys;
}

/** One public key: EC P-256 (ES256), RSA of at least 2,048 bits (PS256), or OKP Ed25519 (EdDSA). */
export function readJwk(jwk: unknown, path: string): ReadJwk {
  if (!isRecord(jwk)) return unusable(path, 'invalid_jwk', 'A key is a JSON object (RFC 7517).');
  const secret = PRIVATE_MEMBERS.find((name) => Object.hasOwn(jwk, name));
  if (secret !== undefined) {
    const message = `"${secret}" belongs to a private or shared key. Give the public key only, and replace this one: it has been shown.`;
    return unusable(`${path}/${secret}`, 'private_key', message);
  }
  const material = keyMaterial(jwk, path);
  if ('faults' in material) return material;
  const faults = purposeFaults(jwk, material.alg, path);
  if (faults.length > 0) return { ok: false, faults };
  try {
    const keyObject = createPublicKey({ key: { ...material.members }, format: 'jwk' });
    const kid = typeof jwk.kid === 'string' ? jwk.kid : null;
    const publicJwk = kid === null ? material.members : { ...material.members, kid };
    return {
      ok: true,
      key: { kid, alg: material.alg, keyObject, thumbprint: thumbprint(material.members) },
      publicJwk,
    };
  } catch {
    return unusable(path, 'invalid_key', 'These numbers are no public key of that type.');
  }
}

interface Material {
  readonly alg: Algorithm;
  /** In the order of RFC 7638 §3.3: the members that make the key, by name. */
  readonly members: PublicJwk;
}

type Unusable = Extract<ReadJwk, { ok: false }>;

function keyMaterial(jwk: Record<string, unknown>, path: string): Material | Unusable {
  const { kty, crv, x, y, n, e } = jwk;
  if (kty === 'EC' && crv === 'P-256') {
    const wrong = firstWrong({ x, y }, (bytes) => bytes.length === 32);
    if (wrong) return unusable(`${path}/${wrong}`, 'invalid_key', 'A coordinate of P-256 is 32 bytes in base64url.');
    return { alg: 'ES256', members: { crv, kty, x: x as string, y: y as string } };
  }
  if (kty === 'OKP' && crv === 'Ed25519') {
    const wrong = firstWrong({ x }, (bytes) => bytes.length === 32);
    if (wrong) return unusable(`${path}/${wrong}`, 'invalid_key', 'A key of Ed25519 is 32 bytes in base64url.');
    return { alg: 'EdDSA', members: { crv, kty, x: x as string } };
  }
  if (kty === 'RSA') return rsaMaterial(n, e, path);
  const given = kty === 'EC' || kty === 'OKP' ? `crv ${shown(crv)}` : `kty ${shown(kty)}`;
  const at = kty === 'EC' || kty === 'OKP' ? 'crv' : 'kty';
  const message = `Use EC P-256, OKP Ed25519, or RSA of at least ${RSA_BITS_MIN} bits; this is ${given}.`;
  return unusable(`${path}/${at}`, 'unsupported_key', message);
}

function rsaMaterial(n: unknown, e: unknown, path: string): Material | Unusable {
  // RFC 7518 §6.3.1: the least number of bytes, so no leading zero.
  const wrong = firstWrong({ n, e }, (bytes) => bytes.length > 0 && bytes[0] !== 0);
  if (wrong) return unusable(`${path}/${wrong}`, 'invalid_key', 'Give a number in base64url without leading zeros.');
  const modulus = fromBase64url(n) as Buffer;
  const bits = modulus.length * 8 - Math.clz32(modulus[0] as number) + 24;
  if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) {
    const message = `An RSA key has ${RSA_BITS_MIN} to ${RSA_BITS_MAX} bits; this one has ${bits}.`;
    return unusable(`${path}/n`, bits < RSA_BITS_MIN ? 'weak_key' : 'unsupported_key', message);
  }
  const exponent = fromBase64url(e) as Buffer;
  // FIPS 186-5 §A.1.1 has e above 2^16; the upper bound keeps a verification cheap.
  const value = exponent.length <= 4 ? exponent.readUIntBE(0, exponent.length) : 0;
  if (value < 65_537 || value % 2 === 0) {
    return unusable(`${path}/e`, 'weak_key', 'The exponent is an odd number from 65537 to 4294967295.');
  }
  return { alg: 'PS256', members: { e: e as string, kty: 'RSA', n: n as string } };
}

function firstWrong(members: Record<string, unknown>, fits: (bytes: Buffer) => boolean): string | undefined {
  return Object.keys(members).find((name) => {
    const bytes = fromBase64url(members[name]);
    return bytes === null || !fits(bytes);
  });
}

// RFC 7517 §4.2 to §4.5: what the key says of itself must fit what it is used for.
function purposeFaults(jwk: Record<string, unknown>, alg: Algorithm, path: string): FieldFault[] {
  const faults: FieldFault[] = [];
  if (jwk.use !== undefined && jwk.use !== 'sig') {
    faults.push({
      path: `${path}/use`,
      code: 'wrong_use',
      message: `use is "sig" or absent; it is ${shown(jwk.use)}.`,
    });
  }
  if (jwk.key_ops !== undefined && !(Array.isArray(jwk.key_ops) && jwk.key_ops.includes('verify'))) {
    faults.push({ path: `${path}/key_ops`, code: 'wrong_use', message: 'key_ops has "verify" in it, or is absent.' });
  }
  if (jwk.alg !== undefined && algorithmNamed(jwk.alg) !== alg) {
    const message = `This key signs with ${alg}; alg says ${shown(jwk.alg)}. Leave alg out or make it ${alg}.`;
    faults.push({ path: `${path}/alg`, code: 'wrong_algorithm', message });
  }
  if (jwk.kid !== undefined && !(typeof jwk.kid === 'string' && KID.test(jwk.kid))) {
    faults.push({ path: `${path}/kid`, code: 'invalid_kid', message: 'kid is 1 to 255 printable ASCII characters.' });
  }
  return faults;
}

function duplicates(keys: readonly { readonly key: ClientKey }[], path: string): FieldFault[] {
  return keys.flatMap(({ key }, index) => {
    const earlier = keys.slice(0, index);
    if (earlier.some((other) => other.key.thumbprint === key.thumbprint)) {
      return [{ path: `${path}/keys/${index}`, code: 'duplicate_key', message: 'This key is in the set already.' }];
    }
    if (key.kid === null || !earlier.some((other) => other.key.kid === key.kid)) return [];
    const message = 'Another key in the set has this kid; give each its own.';
    return [{ path: `${path}/keys/${index}/kid`, code: 'duplicate_kid', message }];
  });
}

const thumbprint = (members: PublicJwk): string =>
  createHash('sha256').update(JSON.stringify(members)).digest('base64url');

const unusable = (path: string, code: string, message: string): Unusable => ({
  ok: false,
  faults: [{ path, code, message }],
});
