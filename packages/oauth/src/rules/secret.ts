import { createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const FORM = /^(bst_secret_[0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;

function base62(value: bigint, length: number): string {
  let encoded = '';
  for (let digit = 0; digit < length; digit++) {
    encoded = ALPHABET.charAt(Number(value % 62n)) + encoded;
    value /= 62n;
  }
  return encoded;
}

const checksum = (body: string): string => base62(BigInt(crc32(body)), 6);

/**
 * A client secret from 32 random bytes: `bst_secret_`, 43 base62 characters, and a CRC-32 over all before it in 6 more,
 * so that scanners recognise it offline and a typing error never costs a look-up.
 */
export function formatSecret(random: Uint8Array): string {
  const body = `bst_secret_${base62(BigInt(`0x${Buffer.from(random).toString('hex')}`), 43)}`;
  return body + checksum(body);
}

/** Whether a text is a secret of our own making, by form and checksum. */
export function isGeneratedSecret(text: string): boolean {
  const match = FORM.exec(text);
  return match !== null && match[1] !== undefined && checksum(match[1]) === match[2];
}

/** Enough of a secret to recognise it, not to guess it. */
export const secretHint = (secret: string): string =>
  isGeneratedSecret(secret) ? `bst_secret_…${secret.slice(-4)}` : `…${secret.slice(-2)}`;

/** The digest under which a generated secret is stored: its 256 bits need no slow hash, and the pepper is not in the database. */
export const digestSecret = (pepper: Buffer, secret: string): Buffer =>
  createHmac('sha256', pepper).update(secret).digest();

export const sameDigest = (left: Buffer, right: Buffer): boolean =>
  left.length === right.length && timingSafeEqual(left, right);

/** A stored digest: `hmac-sha256$<pepper version>$<base64url>`, or a PHC string of argon2id. */
export type StoredDigest =
  | { readonly kind: 'hmac'; readonly pepperVersion: number; readonly digest: Buffer }
  | { readonly kind: 'argon2id'; readonly phc: string };

export const encodeHmacDigest = (pepperVersion: number, digest: Buffer): string =>
  `hmac-sha256$${pepperVersion}$${digest.toString('base64url')}`;

export function parseDigest(stored: string): StoredDigest {
  if (stored.startsWith('$argon2id$')) return { kind: 'argon2id', phc: stored };
  const [algorithm, version, digest] = stored.split('$');
  if (algorithm !== 'hmac-sha256' || !version || !digest) throw new Error('a stored credential has an unknown form');
  return { kind: 'hmac', pepperVersion: Number(version), digest: Buffer.from(digest, 'base64url') };
}
