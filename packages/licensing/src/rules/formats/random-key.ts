/** 120 random bits are too many to guess, so a key's plain digest may be stored. */
export const RANDOM_KEY_BYTES = 15;

/**
 * A random key as people type it: hexadecimal digits in upper case, in blocks of six, and `V3` at the end, such as
 * `9E32DD-D8CC22-771926-C2D834-C506DC-V3`.
 * @throws {RangeError} unless there are 15 bytes
 */
export function formatRandomKey(bytes: Uint8Array): string {
  if (bytes.length !== RANDOM_KEY_BYTES) throw new RangeError(`A key is made of ${RANDOM_KEY_BYTES} random bytes.`);
  const digits = `${Buffer.from(bytes).toString('hex').toUpperCase()}V3`;
  return (digits.match(/.{1,6}/g) ?? []).join('-');
}
