/** The bytes of a base64 text in its one spelling (padded, no spare bits, RFC 4648 §3.5), or null. */
export function fromBase64(text: unknown): Buffer | null {
  if (typeof text !== 'string') return null;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

/** The same of base64url with padding, as signed keys have it. */
export function fromPaddedBase64url(text: unknown): Buffer | null {
  if (typeof text !== 'string') return null;
  const bytes = Buffer.from(text, 'base64url');
  return toPaddedBase64url(bytes) === text ? bytes : null;
}

export const toPaddedBase64url = (bytes: Uint8Array): string =>
  Buffer.from(bytes).toString('base64').replaceAll('+', '-').replaceAll('/', '_');

/** The same of base64url without padding, as in a JWS (RFC 7515 §2). */
export function fromBase64url(text: unknown): Buffer | null {
  if (typeof text !== 'string') return null;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The JSON object that these bytes spell in UTF-8, or null. */
export function jsonObjectFrom(bytes: Uint8Array | null): JsonObject | null {
  if (bytes === null) return null;
  try {
    // Invalid UTF-8 is refused, not mended; nor is a byte order mark taken off.
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}
