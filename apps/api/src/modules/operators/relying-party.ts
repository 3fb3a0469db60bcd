import { isIP } from 'node:net';

/** Who asks for a passkey, as authenticators know it: a domain, and the origin of the console. */
export interface RelyingParty {
  readonly id: string;
  readonly origin: string;
}

/**
 * Browsers give passkeys to a domain on https, and to localhost (WebAuthn Level 3 §5.1.3); null where the issuer is
 * neither.
 */
export function relyingPartyOf(issuer: string): RelyingParty | null {
  const { protocol, hostname, origin } = new URL(issuer);
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost');
  const isAddress = isIP(hostname) !== 0 || hostname.startsWith('[');
  return isAddress || (protocol !== 'https:' && !isLocal) ? null : { id: hostname, origin };
}
