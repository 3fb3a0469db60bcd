import { isAscii } from 'node:buffer';
import { OAuthFault } from './oauth-fault.js';

/** Parameters of a form body. One without a value counts as omitted (RFC 6749 §3.2); `resource` may repeat (RFC 8707 §2). */
export interface Form {
  get(name: string): string | undefined;
  readonly resources: readonly string[];
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses application/x-www-form-urlencoded strictly (RFC 6749 appendix B).
 * @throws OAuthFault invalid_request if a parameter repeats, or the text is not well-formed
 */
export function parseForm(body: Buffer): Form {
  const values = new Map<string, string>();
  const resources: string[] = [];
  for (const pair of decodeBytes(body).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals === -1 ? pair : pair.slice(0, equals));
    const value = equals === -1 ? '' : decode(pair.slice(equals + 1));
    if (name === 'resource') {
      if (value !== '') resources.push(value);
      continue;
    }
    if (values.has(name)) throw new OAuthFault('invalid_request', 'A parameter appears more than once');
    values.set(name, value);
  }
  return { get: (name) => values.get(name) || undefined, resources };
}

function decodeBytes(body: Buffer): string {
  if (isAscii(body)) return body.toString('latin1');
  try {
    return utf8.decode(body);
  } catch {
    throw new OAuthFault('invalid_request', 'The body is not valid UTF-8');
  }
}

/**
 * Decodes one form-urlencoded text: `+` is a space, percent-encoded bytes are UTF-8.
 * @throws OAuthFault invalid_request on a malformed escape, invalid UTF-8 or NUL
 */
export function decode(encoded: string): string {
  let decoded = encoded.includes('+') ? encoded.replaceAll('+', ' ') : encoded;
  if (encoded.includes('%')) {
    try {
      decoded = decodeURIComponent(decoded);
    } catch {
      throw new OAuthFault('invalid_request', 'The body has a malformed percent-encoding');
    }
  }
  if (decoded.includes('\0')) throw new OAuthFault('invalid_request', 'The body has a NUL character');
  return decoded;
}
