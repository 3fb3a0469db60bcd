import type { PolicyTerms } from '@bastionary/contracts/license-policies';
import { addDuration } from './calendar-duration.js';

/** What can set the time of a licence going. */
export type FirstEvent = 'creation' | 'validation' | 'activation' | 'download' | 'use';

/** A file that is checked out is a download. */
const BASES = {
  creation: 'FROM_CREATION',
  validation: 'FROM_FIRST_VALIDATION',
  activation: 'FROM_FIRST_ACTIVATION',
  download: 'FROM_FIRST_DOWNLOAD',
  use: 'FROM_FIRST_USE',
} as const satisfies Record<FirstEvent, PolicyTerms['expiration_basis']>;

type ExpiryTerms = Pick<PolicyTerms, 'duration' | 'expiration_basis'>;
type GraceTerms = Pick<PolicyTerms, 'expiration_strategy' | 'grace_duration'>;

/**
 * When a licence expires once something happened to it: as before, unless this is what its time was waiting for.
 * @param at when it happened
 */
export function expiryAfter(
  event: FirstEvent,
  { duration, expiration_basis }: ExpiryTerms,
  expiresAt: Date | null,
  at: Date,
): Date | null {
  if (expiresAt !== null || duration === null || BASES[event] !== expiration_basis) return expiresAt;
  return addDuration(at, duration);
}

/** Whether the time of a licence has yet to begin. */
export const isNotBegun = ({ duration, expiration_basis }: ExpiryTerms, expiresAt: Date | null): boolean =>
  expiresAt === null && duration !== null && expiration_basis !== 'FROM_CREATION';

/** Whether a licence has expired: from that very instant on, with or without grace. */
export const isExpired = (expiresAt: Date | null, now: Date): boolean => expiresAt !== null && expiresAt <= now;

/** Until when (exclusive) a licence works on after its expiry; null if there is no grace, or it needs none. */
export function graceEndOf({ expiration_strategy, grace_duration }: GraceTerms, expiresAt: Date | null): Date | null {
  const isCutOff = expiration_strategy === 'RESTRICT_ACCESS' || expiration_strategy === 'REVOKE_ACCESS';
  if (expiresAt === null || !grace_duration || !isCutOff) return null;
  return addDuration(expiresAt, grace_duration);
}

/** Before its expiry `valid`, then `in_grace` if there is one, then `expired`. */
export function lifeAt(terms: GraceTerms, expiresAt: Date | null, now: Date): 'valid' | 'in_grace' | 'expired' {
  if (!isExpired(expiresAt, now)) return 'valid';
  const graceEnd = graceEndOf(terms, expiresAt);
  return graceEnd !== null && now < graceEnd ? 'in_grace' : 'expired';
}

/** Why a renewal is refused. */
export type RenewalRefusal = 'no_duration' | 'never_expires' | 'not_begun';

/** When a licence expires after a renewal; or why it cannot be renewed. */
export function renewedExpiry(
  terms: ExpiryTerms & Pick<PolicyTerms, 'renewal_basis'>,
  expiresAt: Date | null,
  now: Date,
): Date | RenewalRefusal {
  const { duration, renewal_basis } = terms;
  if (duration === null) return 'no_duration';
  if (expiresAt === null) return isNotBegun(terms, expiresAt) ? 'not_begun' : 'never_expires';
  const isFromNow =
    renewal_basis === 'FROM_NOW' || (renewal_basis === 'FROM_NOW_IF_EXPIRED' && isExpired(expiresAt, now));
  return addDuration(isFromNow ? now : expiresAt, duration);
}

/**
 * When a licence expires after a transfer; the strategy is that of the policy it comes to. A licence in use begins its new
 * time at once, whatever the basis; one whose time had not begun begins it as the new policy says.
 */
export function transferredExpiry(
  from: ExpiryTerms,
  to: ExpiryTerms & Pick<PolicyTerms, 'transfer_strategy'>,
  expiresAt: Date | null,
  now: Date,
): Date | null {
  if (isNotBegun(from, expiresAt)) return expiryAfter('creation', to, null, now);
  if (to.transfer_strategy === 'KEEP_EXPIRY') return expiresAt;
  return to.duration === null ? null : addDuration(now, to.duration);
}
