import { createHmac, timingSafeEqual } from 'node:crypto';
import { formatOwn, ownKindOf } from './own-form.js';

/** A client secret from 32 random bytes, of our own form. */
export const formatSecret = (random: Uint8Array): string => formatOwn('secret', random);

/** Whether a text is a secret of our own making, by form and checksum. */
export const isGeneratedSecret = (text: string): boolean => ownKindOf(text) === 'secret';

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
