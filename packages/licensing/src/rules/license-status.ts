import type { LicenseStatus } from '@bastionary/contracts/licenses';
import { isExpired } from './expiry.js';
import type { LicenseFacts } from './license-facts.js';

const DAY = 86_400_000;
const SEEN_WITHIN = 90 * DAY;
const SOON = 3 * DAY;

export type StatusFacts = Pick<
  LicenseFacts,
  | 'revokedAt'
  | 'isOwnerSuspended'
  | 'suspensions'
  | 'expiresAt'
  | 'createdAt'
  | 'lastValidatedAt'
  | 'lastCheckInAt'
  | 'lastCheckOutAt'
>;

/**
 * What a licence is at an instant. The first that holds: REVOKED, BANNED (its owner is suspended), SUSPENDED, EXPIRED
 * (in grace too), EXPIRING (within three days), ACTIVE (made or seen in the last 90 days), INACTIVE.
 */
export function statusOf(license: StatusFacts, now: Date): LicenseStatus {
  if (isRevoked(license, now)) return 'REVOKED';
  if (license.isOwnerSuspended) return 'BANNED';
  if (license.suspensions.length > 0) return 'SUSPENDED';
  if (isExpired(license.expiresAt, now)) return 'EXPIRED';
  if (isExpiring(license.expiresAt, now)) return 'EXPIRING';
  return now.getTime() - lastSeen(license) <= SEEN_WITHIN ? 'ACTIVE' : 'INACTIVE';
}

/** Whether it was revoked by then. */
export const isRevoked = ({ revokedAt }: Pick<StatusFacts, 'revokedAt'>, now: Date): boolean =>
  revokedAt !== null && revokedAt <= now;

/** Whether its expiry is less than three days ahead. */
export const isExpiring = (expiresAt: Date | null, now: Date): boolean =>
  expiresAt !== null && expiresAt > now && expiresAt.getTime() - now.getTime() < SOON;

const lastSeen = ({ createdAt, lastValidatedAt, lastCheckInAt, lastCheckOutAt }: StatusFacts): number =>
  Math.max(...[createdAt, lastValidatedAt, lastCheckInAt, lastCheckOutAt].map((at) => at?.getTime() ?? 0));
