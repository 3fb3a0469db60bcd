import { lifeAt } from './expiry.js';
import type { LicenseFacts } from './license-facts.js';

/** Why a program may not act for a licence; the code of the machine-facing protocol, and a sentence. */
export interface AuthenticationFault {
  readonly status: 401 | 403;
  readonly code:
    | 'LICENSE_INVALID'
    | 'LICENSE_NOT_ALLOWED'
    | 'TOKEN_NOT_ALLOWED'
    | 'LICENSE_BANNED'
    | 'LICENSE_SUSPENDED'
    | 'LICENSE_EXPIRED';
  readonly detail: string;
}

const fault = (status: 401 | 403, code: AuthenticationFault['code'], detail: string): AuthenticationFault => ({
  status,
  code,
  detail,
});

/** What of a licence says who may act for it. */
export type AuthenticationFacts = Pick<
  LicenseFacts,
  'terms' | 'revokedAt' | 'isOwnerSuspended' | 'suspensions' | 'expiresAt'
>;

/** How programs may prove themselves, by the policy. */
const ALLOWED: Readonly<Record<LicenseFacts['terms']['authentication_strategy'], readonly ('key' | 'token')[]>> = {
  LICENSE: ['key'],
  TOKEN: ['token'],
  MIXED: ['key', 'token'],
  NONE: [],
};

/**
 * Whether a program may act for a licence that it has proven to hold. One that is expired still may, unless its policy
 * revokes access: what it is good for is for its validation to say.
 * @param by the key itself, or a token of the licence
 */
export function mayAuthenticate(
  license: AuthenticationFacts,
  by: 'key' | 'token',
  at: Date,
): AuthenticationFault | null {
  const { terms } = license;
  if (license.revokedAt !== null) return fault(401, 'LICENSE_INVALID', 'must be a valid license');
  if (!ALLOWED[terms.authentication_strategy].includes(by)) {
    return by === 'key'
      ? fault(403, 'LICENSE_NOT_ALLOWED', 'License key authentication is not allowed by policy')
      : fault(403, 'TOKEN_NOT_ALLOWED', 'Token authentication is not allowed by policy');
  }
  if (license.isOwnerSuspended) return fault(403, 'LICENSE_BANNED', 'License owner is banned');
  if (license.suspensions.length > 0) return fault(403, 'LICENSE_SUSPENDED', 'License is suspended');
  if (terms.expiration_strategy === 'REVOKE_ACCESS' && lifeAt(terms, license.expiresAt, at) === 'expired') {
    return fault(403, 'LICENSE_EXPIRED', 'License is expired');
  }
  return null;
}
