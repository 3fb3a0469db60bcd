const BYTES = 16;
const TIME_BYTES = 6;
const FORM = /^[A-Za-z0-9_-]{22}$/;

/**
 * A token id of 16 bytes whose first 6 are replaced by the time: `iat` knows only seconds, and "issued before the
 * revocation" must be decided to the millisecond. The other 80 bits are chance.
 * @param random at least `offset + 16` random bytes; those of the id are overwritten
 */
export function tokenId(random: Buffer, offset: number, now: number): string {
  random.writeUIntBE(now, offset, TIME_BYTES);
  return random.toString('base64url', offset, offset + BYTES);
}

/** When a token was issued, in milliseconds: from its id if that is of our form and agrees with `iat`, else from `iat`. */
export function issuedAtOf({ jti, iat }: { readonly jti: string; readonly iat: number }): number {
  if (!FORM.test(jti)) return iat * 1_000;
  const inId = Buffer.from(jti, 'base64url').readUIntBE(0, TIME_BYTES);
  return Math.floor(inId / 1_000) === iat ? inId : iat * 1_000;
}
