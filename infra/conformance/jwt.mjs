// @ts-check
import { randomUUID } from 'node:crypto';
import { CompactSign, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';

/**
 * @typedef {object} Key
 * @property {string} alg
 * @property {import('jose').CryptoKey} privateKey
 * @property {import('jose').JWK} jwk public, with kid, alg and use
 * @property {string} thumbprint
 */

/** @type {Map<string, Promise<Key>>} */
const made = new Map();

/**
 * A key of this run; the same name gives the same key.
 * @param {string} alg
 * @param {string} [name]
 * @returns {Promise<Key>}
 */
export function key(alg, name = 'first') {
  const known = made.get(`${alg} ${name}`);
  if (known) return known;
  const fresh = makeKey(alg);
  made.set(`${alg} ${name}`, fresh);
  return fresh;
}

/** @param {string} alg */
async function makeKey(alg) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const bare = await exportJWK(publicKey);
  return {
    alg,
    privateKey,
    jwk: { ...bare, kid: randomUUID(), alg, use: 'sig' },
    thumbprint: await calculateJwkThumbprint(bare),
  };
}

const encode = (/** @type {unknown} */ value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * A compact JWS over any header and any payload; `alg: none` has no signature.
 * @param {Record<string, any>} header
 * @param {unknown} payload
 * @param {import('jose').CryptoKey | Uint8Array} signingKey
 */
export async function sign(header, payload, signingKey) {
  const protectedHeader = Object.fromEntries(Object.entries(header).filter(([, value]) => value !== undefined));
  if (header.alg === 'none') return `${encode(protectedHeader)}.${encode(payload)}.`;
  const signer = new CompactSign(Buffer.from(JSON.stringify(payload)));
  const crit = Object.fromEntries((header.crit ?? []).map((/** @type {string} */ name) => [name, true]));
  return signer.setProtectedHeader(/** @type {any} */ (protectedHeader)).sign(signingKey, { crit });
}

/** The same JWS with its signature changed. @param {string} jws */
export function withBrokenSignature(jws) {
  const [header, payload, signature] = jws.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  bytes[8] ^= 1;
  return `${header}.${payload}.${bytes.toString('base64url')}`;
}

export const now = () => Math.floor(Date.now() / 1_000);
