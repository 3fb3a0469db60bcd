import type { License, LicenseStatus } from '@bastionary/contracts/licenses';

type Stateful = Pick<License, 'status' | 'grace_ends_at'>;

/** Expired, and still works. */
export const isInGrace = ({ status, grace_ends_at }: Stateful, now = Date.now()): boolean =>
  status === 'EXPIRED' && grace_ends_at !== null && Date.parse(grace_ends_at) > now;

/** The word on the badge. */
export const badgeOf = (license: Stateful): string => (isInGrace(license) ? 'in_grace' : license.status.toLowerCase());

export const STATUS_WORDS: Record<LicenseStatus, string> = {
  ACTIVE: 'active',
  INACTIVE: 'inactive for 90 days',
  EXPIRING: 'expires within three days',
  EXPIRED: 'expired',
  SUSPENDED: 'suspended',
  REVOKED: 'revoked',
  BANNED: 'banned: its customer is suspended',
};

/** What tells a licence from others: its name, or else the end of its key. */
export const nameOf = ({ name, key }: Pick<License, 'name' | 'key'>): string => name ?? `…${key.slice(-6)}`;

/** So much of a key that it is recognised, and not more. */
export const maskedKey = (key: string): string => `••••${key.slice(-6)}`;
