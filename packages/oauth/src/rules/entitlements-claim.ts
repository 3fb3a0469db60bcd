/** What a token says its customer may do. Without `features` it is too much for a token: introspection has it. */
export interface EntitlementsClaim {
  readonly epoch: number;
  readonly hash: string;
  readonly features?: Readonly<Record<string, unknown>>;
}

/**
 * The claim of the tokens of a customer's clients. A token travels in a header of every request, and servers commonly refuse
 * headers beyond 8 to 16 KiB, our own among them.
 * @param bytesMax of the features as JSON; with more they are left out
 */
export function entitlementsClaim(
  { epoch, hash, features }: Required<EntitlementsClaim>,
  bytesMax: number,
): EntitlementsClaim {
  const isTooMuch = Buffer.byteLength(JSON.stringify(features)) > bytesMax;
  return isTooMuch ? { epoch, hash } : { epoch, hash, features };
}
