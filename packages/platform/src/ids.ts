import { randomBytes } from 'node:crypto';

// Crockford's base32, lower case: sorts as the bytes do.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new id: `prefix_` and a UUIDv7 (48 bits of time, 74 of chance) in 26 base32 characters. Ids sort by time of making. */
export function newId(prefix: string, now: number = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  let value = BigInt(`0x${bytes.toString('hex')}`);
  let encoded = '';
  for (let digit = 0; digit < 26; digit++) {
    encoded = ALPHABET.charAt(Number(value & 31n)) + encoded;
    value >>= 5n;
  }
  return `${prefix}_${encoded}`;
}
