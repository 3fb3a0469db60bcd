import {
  VALIDATION_CODES,
  type Validation,
  type ValidationCode,
  type ValidationScope,
  type ValidationWarning,
} from '@bastionary/contracts/license-validation';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { isOverdue, nextCheckInBy } from './check-in.js';
import { graceEndOf, lifeAt } from './expiry.js';
import { isExpiring, isRevoked } from './license-status.js';
import { effectiveLimits, LIMIT_CODES, type Limits, limitUses, standingOf } from './limits.js';
import type { ValidationFacts } from './validation-facts.js';
import { noMachine, scopeFailures } from './validation-scope.js';

/**
 * Whether a licence is valid at an instant, and all that can be said about it. Every condition is looked at. The code is the
 * first failure in the order of the codes; what is tolerated (overage, expiry that takes nothing away, grace) never hides
 * one and stands in the warnings.
 * @param facts null: there is no such licence
 */
export function validate(facts: ValidationFacts | null, scope: ValidationScope, now: Date): Validation {
  if (facts === null || isRevoked(facts, now)) return notFound(now);
  const { terms, expiresAt, used } = facts;
  const limits = effectiveLimits(terms, facts.limits);
  const overages = overagesOf(facts, limits);
  const life = lifeAt(terms, expiresAt, now);
  const isTolerated = terms.expiration_strategy === 'MAINTAIN_ACCESS' || terms.expiration_strategy === 'ALLOW_ACCESS';
  const failed: ValidationCode[] = [
    ...standingFailures(facts, life, now),
    ...scopeFailures(facts, scope, now),
    ...strictFailures(facts),
    ...overages.beyond,
    // Here and not sooner, as in the reference: what is wrong besides can be put right now, and says more.
    ...(life === 'expired' && terms.expiration_strategy === 'RESTRICT_ACCESS' ? (['EXPIRED'] as const) : []),
  ];
  const tolerated: ValidationCode[] = [
    ...(life === 'expired' && isTolerated ? (['EXPIRED'] as const) : []),
    ...overages.over,
  ];
  const failures = [...new Set(failed)];
  const code = failures[0] ?? tolerated[0] ?? 'VALID';
  const graceEndsAt = graceEndOf(terms, expiresAt);
  const grace = `expired at ${toInstantOrNull(expiresAt)} and works on until ${toInstantOrNull(graceEndsAt)}`;
  return {
    valid: failures.length === 0,
    code,
    detail: code === 'VALID' && life === 'in_grace' ? `is valid (GRACE: ${grace})` : VALIDATION_CODES[code],
    failures: failures.map(told),
    warnings: [
      ...tolerated.map(told),
      ...(life === 'in_grace' ? [{ code: 'GRACE' as const, detail: grace }] : []),
      ...(isExpiring(expiresAt, now)
        ? [{ code: 'EXPIRING' as const, detail: `expires at ${toInstantOrNull(expiresAt)}` }]
        : []),
    ],
    limits: limitUses(limits, used),
    seats_free: limitUses(limits, used).max_machines.free,
    expires_at: toInstantOrNull(expiresAt),
    grace_ends_at: toInstantOrNull(graceEndsAt),
    next_check_in_by: toInstantOrNull(nextCheckInBy(terms, facts)),
    entitlements: { ...facts.entitlements },
    at: toInstant(now),
  };
}

function notFound(now: Date): Validation {
  return {
    valid: false,
    code: 'NOT_FOUND',
    detail: VALIDATION_CODES.NOT_FOUND,
    failures: [told('NOT_FOUND')],
    warnings: [],
    limits: {},
    seats_free: null,
    expires_at: null,
    grace_ends_at: null,
    next_check_in_by: null,
    entitlements: {},
    at: toInstant(now),
  };
}

/** What fails whatever is asked: the licence itself. */
function standingFailures(facts: ValidationFacts, life: ReturnType<typeof lifeAt>, now: Date): ValidationCode[] {
  return [
    ...(facts.isOwnerSuspended ? (['BANNED'] as const) : []),
    ...(facts.suspensions.length > 0 ? (['SUSPENDED'] as const) : []),
    ...(life === 'expired' && facts.terms.expiration_strategy === 'REVOKE_ACCESS' ? (['EXPIRED'] as const) : []),
    ...(isOverdue(facts.terms, facts, now) ? (['OVERDUE'] as const) : []),
  ];
}

/** A strict policy wants a machine, whether one is asked about or not; a dead one whose seat is free is none. */
const strictFailures = ({ terms, used }: ValidationFacts): ValidationCode[] =>
  terms.strict && used.max_machines === 0 ? [noMachine(terms)] : [];

/** Users are counted always, machines and what is on them if the policy is strict. */
function overagesOf({ terms, used }: ValidationFacts, limits: Limits): Record<'over' | 'beyond', ValidationCode[]> {
  const names = (Object.keys(LIMIT_CODES) as (keyof typeof LIMIT_CODES)[]).filter(
    (name) => terms.strict || name === 'max_users',
  );
  const those = (standing: 'over' | 'beyond') =>
    names
      .filter((name) => standingOf(limits[name], used[name], terms.overage_strategy) === standing)
      .map((name) => LIMIT_CODES[name]);
  return { over: those('over'), beyond: those('beyond') };
}

const told = <Code extends ValidationCode>(code: Code): { code: Code; detail: ValidationWarning['detail'] } => ({
  code,
  detail: VALIDATION_CODES[code],
});
