import { createHmac, timingSafeEqual } from 'node:crypto';
import { fromBase64url } from './compact-jws.js';

const WINDOW_MS = 300_000;
const WINDOW_BYTES = 6;
const MAC_BYTES = 16;

/**
 * The nonce of the present five minutes (RFC 9449 §8): the window's number and a MAC over it. Nothing is stored, and every
 * process with the same key makes and knows the same nonces. `now` in milliseconds.
 */
export const makeDpopNonce = (key: Buffer, now: number): string =>
  nonceOf(key, Math.floor(now / WINDOW_MS)).toString('base64url');

/** Whether the nonce is ours and of this window or the one before: it lives for five to ten minutes. */
export function isFreshDpopNonce(key: Buffer, nonce: string, now: number): boolean {
  const given = nonce.length <= 32 ? fromBase64url(nonce) : null;
  if (given?.length !== WINDOW_BYTES + MAC_BYTES) return false;
  const window = given.readUIntBE(0, WINDOW_BYTES);
  const present = Math.floor(now / WINDOW_MS);
  return (window === present || window === present - 1) && timingSafeEqual(given, nonceOf(key, window));
}

function nonceOf(key: Buffer, window: number): Buffer {
  const number = Buffer.alloc(WINDOW_BYTES);
  number.writeUIntBE(window, 0, WINDOW_BYTES);
  // Named, so that the key's other uses never make the same MAC.
  const mac = createHmac('sha256', key).update('dpop-nonce').update(number).digest();
  return Buffer.concat([number, mac.subarray(0, MAC_BYTES)]);
}
