import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What this house makes of 256 random bits: client secrets, opaque access tokens, refresh tokens. */
export type OwnKind = 'secret' | 'access' | 'refresh';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const FORM = /^(bst_(secret|access|refresh)_[0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;

// Eight digits fit a plain number, which divides faster.
const EIGHT_DIGITS = 62n ** 8n;

function base62(value: bigint, length: number): string {
  let encoded = '';
  let rest = value;
  let digits = 0;
  for (let digit = 0; digit < length; digit++) {
    if (digit % 8 === 0) {
      digits = Number(rest % EIGHT_DIGITS);
      rest /= EIGHT_DIGITS;
    }
    encoded = ALPHABET.charAt(digits % 62) + encoded;
    digits = Math.floor(digits / 62);
  }
  return encoded;
}

const checksum = (body: string): string => base62(BigInt(crc32(body)), 6);

/**
 * A text of 32 random bytes: `bst_<kind>_`, 43 base62 characters, and a CRC-32 over all before it in 6 more, so that
 * scanners recognise it offline and a typing error never costs a look-up.
 */
export function formatOwn(kind: OwnKind, random: Uint8Array): string {
  const body = `bst_${kind}_${base62(BigInt(`0x${Buffer.from(random).toString('hex')}`), 43)}`;
  return body + checksum(body);
}

/** Of which kind a text of our own making is, by form and checksum; null if it is none. */
export function ownKindOf(text: string): OwnKind | null {
  const match = FORM.exec(text);
  return match?.[1] !== undefined && checksum(match[1]) === match[3] ? (match[2] as OwnKind) : null;
}

/** The digest under which an opaque or refresh token is stored: its 256 bits need no slow hash. */
export const tokenDigest = (token: string): Buffer => createHash('sha256').update(token).digest();
