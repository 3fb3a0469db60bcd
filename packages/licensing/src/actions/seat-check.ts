import type { LimitName } from '@bastionary/contracts/license-policies';
import { toInstantOrNull } from '@bastionary/contracts/text';
import type { Reader } from '@bastionary/prisma/client';
import { lifeAt } from '../rules/expiry.js';
import { allowedOf, type Limits } from '../rules/limits.js';
import { suspendedAmong } from './license-facts.js';
import type { LockedLicense } from './lock-license.js';
import { refused, refuseRevoked } from './refusals.js';

/**
 * Whether a licence gives anything away now: to a new machine, process or use. Heartbeats of what there is go on.
 * @throws AppError license_conflict: license_revoked, license_banned, license_suspended, license_expired
 */
export async function refuseUnlessGiving(
  db: Reader,
  { license, terms }: Pick<LockedLicense, 'license' | 'terms'>,
  now: Date,
): Promise<void> {
  refuseRevoked(license);
  const { id, customerId } = license;
  if ((await suspendedAmong(db, [customerId])).size > 0) {
    throw refused(
      'license_conflict',
      'license_banned',
      `The customer ${customerId} of the licence ${id} is suspended.`,
    );
  }
  if (license.suspensions.length > 0) {
    const because = license.suspensions.join(', ');
    throw refused(
      'license_conflict',
      'license_suspended',
      `The licence ${id} is suspended (${because}). Reinstate it.`,
    );
  }
  const isCutOff = terms.expiration_strategy === 'RESTRICT_ACCESS' || terms.expiration_strategy === 'REVOKE_ACCESS';
  if (isCutOff && lifeAt(terms, license.expiresAt, now) === 'expired') {
    const message = `The licence ${id} expired at ${toInstantOrNull(license.expiresAt)}. Renew it.`;
    throw refused('license_conflict', 'license_expired', message);
  }
}

// As the machine-facing protocol names them.
const CODES = {
  max_machines: ['machine_limit_exceeded', 'machine_limit_exceeded', 'machines'],
  max_cores: ['machine_limit_exceeded', 'machine_core_limit_exceeded', 'cores'],
  max_memory: ['machine_limit_exceeded', 'machine_memory_limit_exceeded', 'bytes of memory'],
  max_disk: ['machine_limit_exceeded', 'machine_disk_limit_exceeded', 'bytes of disk'],
  max_processes: ['process_limit_exceeded', 'machine_process_limit_exceeded', 'processes'],
  max_uses: ['uses_exceeded', 'license_use_limit_exceeded', 'uses'],
  max_users: ['license_conflict', 'license_user_limit_exceeded', 'users'],
} as const satisfies Record<LimitName, readonly [string, string, string]>;

/** That a limit bears no more. */
export function beyondLimit(
  name: LimitName,
  limits: Limits,
  { license, terms }: Pick<LockedLicense, 'license' | 'terms'>,
  used: number,
  wanted: number,
) {
  const allowed = name === 'max_uses' ? limits[name] : allowedOf(limits[name], terms.overage_strategy);
  const [problem, reason, what] = CODES[name];
  const message = `The licence ${license.id} allows ${allowed} ${what}; ${used} are taken, and ${wanted} more are too many.`;
  return refused(problem, reason, message, name === 'max_uses' ? '/amount' : '/fingerprint');
}
