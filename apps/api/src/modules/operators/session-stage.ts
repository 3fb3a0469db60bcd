import type { ProofKind, Role } from '@bastionary/contracts/operators';
import type { Pending } from '../../platform/principal.js';
import type { Config } from '../../platform/providers.js';
import type { FoundSession } from './sessions.js';

type Requirement = Config['REQUIRE_SECOND_FACTOR'];

/** Whether an operator of this role must have a second factor. */
export const needsSecondFactor = (requirement: Requirement, role: Role): boolean =>
  requirement === 'all' || (requirement === 'owners' && role === 'owner');

/** An authenticator app counts once a first code has confirmed it. */
export const hasSecondFactor = ({
  totp,
  _count,
}: {
  totp: { confirmedAt: Date | null } | null;
  _count: { passkeys: number };
}): boolean => (totp !== null && totp.confirmedAt !== null) || _count.passkeys > 0;

/**
 * What comes first in a session. The second factor before the password: a link that fell into wrong hands replaces
 * neither.
 */
export function pendingOf(session: FoundSession, requirement: Requirement): Pending | null {
  const { operator, mustVerify, mustSetPassword } = session;
  if (mustVerify) return 'verify';
  if (mustSetPassword) return 'set_password';
  return needsSecondFactor(requirement, operator.role as Role) && !hasSecondFactor(operator) ? 'enrol' : null;
}

/** What an operator can prove to be there with. */
export function proofsOf(operator: FoundSession['operator'], recoveryCodesLeft: number): ProofKind[] {
  const proofs: ProofKind[] = [];
  if (operator.passwordHash !== null) proofs.push('password');
  if (operator._count.passkeys > 0) proofs.push('passkey');
  if (operator.totp !== null && operator.totp.confirmedAt !== null) proofs.push('totp');
  if (recoveryCodesLeft > 0) proofs.push('recovery_code');
  return proofs;
}
