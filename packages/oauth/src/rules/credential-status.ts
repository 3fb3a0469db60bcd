import type { CredentialStatus } from '@bastionary/contracts/credentials';

export interface Validity {
  readonly notBefore: Date | null;
  readonly expiresAt: Date | null;
}

/** What a credential is at an instant: valid from `notBefore` on, until just before `expiresAt`. */
export function credentialStatusAt({ notBefore, expiresAt }: Validity, now: number): CredentialStatus {
  if (expiresAt !== null && expiresAt.getTime() <= now) return 'expired';
  return notBefore !== null && notBefore.getTime() > now ? 'not_yet_valid' : 'active';
}
