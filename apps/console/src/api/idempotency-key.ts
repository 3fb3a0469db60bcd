/** One per intent of the user: sending it again, after a lost answer, does nothing twice. */
export const idempotencyKey = () =>
  // Not crypto.randomUUID: that exists on HTTPS and localhost only.
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
