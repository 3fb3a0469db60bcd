import type { ExplainStep } from '@bastionary/contracts/explain';
import { VALIDATION_CODES, type ValidationCode } from '@bastionary/contracts/license-validation';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { nextCheckInBy } from './check-in.js';
import { graceEndOf, isNotBegun, lifeAt } from './expiry.js';
import { heartbeatStatusOf, holdsSeat } from './heartbeat.js';
import type { MachineLife } from './license-facts.js';
import { isRevoked } from './license-status.js';
import { allowedOf, effectiveLimits, LIMIT_CODES } from './limits.js';
import { neededMatches } from './matching.js';
import { validate } from './validate.js';
import type { ValidationFacts } from './validation-facts.js';

/** A machine of a licence, as far as it is told and could be asked to make room. */
export interface ExplainedMachine extends MachineLife {
  readonly id: string;
  readonly fingerprint: string;
}

/** What a validation looks at, and what can be told and changed besides. */
export interface ExplainedLicense extends ValidationFacts {
  /** What issued it. */
  readonly source: { readonly subscription: string; readonly plan: string } | null;
  /** Every machine that has a row, the oldest first. */
  readonly all: readonly ExplainedMachine[];
}

/** What a program would say of itself that names the fingerprint, and nothing wrong. */
const scopeOf = ({ product, policyId }: ValidationFacts, fingerprint: string | undefined) => ({
  ...{ product: product.id, policy: policyId, environment: null },
  ...(fingerprint !== undefined && { fingerprint }),
});

/** Why a licence is not valid at an instant, apart from what a program must say with its validation. */
export function denialsOf(license: ExplainedLicense, fingerprint: string | undefined, at: Date): ValidationCode[] {
  const { failures } = validate(license, scopeOf(license, fingerprint), at);
  return failures.map(({ code }) => code).filter((code) => !code.endsWith('_SCOPE_REQUIRED'));
}

/**
 * Why a licence is valid or not at an instant: licence, customer, suspensions, expiry, check-in, machine, limits, and what
 * comes of it. By the rule that answers validations.
 * @param fingerprint of the machine that is asked about; undefined: of none in particular
 */
export function explainLicense(license: ExplainedLicense, fingerprint: string | undefined, at: Date): ExplainStep[] {
  const denials = new Set(denialsOf(license, fingerprint, at));
  const issued =
    license.source === null ? '' : ` for ${license.source.plan} of subscription ${license.source.subscription}`;
  const made = `Licence ${license.id} was made at ${toInstant(license.createdAt)} under policy ${license.policyId}${issued}`;
  const revoked = isRevoked(license, at) ? `, and revoked at ${toInstantOrNull(license.revokedAt)}` : '';
  const first: ExplainStep = {
    ...{ step: 'license', fact: `${made}${revoked}.`, id: license.id },
    result: revoked === '' ? 'informs' : 'denies',
  };
  if (revoked !== '') return [first, verdict(license, fingerprint, at)];
  return [
    first,
    ...owner(license),
    ...suspensions(license),
    expiry(license, denials, at),
    ...checkIn(license, denials),
    ...machines(license, fingerprint, denials, at),
    ...limits(license, denials),
    verdict(license, fingerprint, at),
  ];
}

function owner({ customerId, isOwnerSuspended }: ExplainedLicense): ExplainStep[] {
  if (customerId === null) return [];
  const fact = `It belongs to customer ${customerId}, who is ${isOwnerSuspended ? 'suspended' : 'active'}.`;
  return [{ step: 'customer', fact, id: customerId, result: isOwnerSuspended ? 'denies' : 'allows' }];
}

const REASONS = {
  operator: 'by an operator',
  subscription: 'because the subscription that issued it does not entitle to it',
} as const;

const suspensions = ({ id, suspensions: reasons }: ExplainedLicense): ExplainStep[] =>
  reasons.map((reason) => ({ step: 'suspension', fact: `It is suspended ${REASONS[reason]}.`, id, result: 'denies' }));

function expiry(license: ExplainedLicense, denials: ReadonlySet<ValidationCode>, at: Date): ExplainStep {
  const { id, terms, expiresAt } = license;
  const result = denials.has('EXPIRED') ? 'denies' : 'allows';
  const end = toInstantOrNull(expiresAt);
  const told = (fact: string): ExplainStep => ({ step: 'expiry', fact, id, result });
  if (isNotBegun(terms, expiresAt)) return told(`Its time has not begun (${terms.expiration_basis}).`);
  if (expiresAt === null) return told('It never expires.');
  const life = lifeAt(terms, expiresAt, at);
  if (life === 'valid') return told(`It expires at ${end}.`);
  const grace = toInstantOrNull(graceEndOf(terms, expiresAt));
  if (life === 'in_grace') return told(`It expired at ${end}, and works on until ${grace} by the grace of its policy.`);
  const ended = grace === null ? '' : `, and its grace ended at ${grace}`;
  return told(`It expired at ${end}${ended}; its policy says ${terms.expiration_strategy}.`);
}

function checkIn(license: ExplainedLicense, denials: ReadonlySet<ValidationCode>): ExplainStep[] {
  const due = nextCheckInBy(license.terms, license);
  if (due === null) return [];
  const since =
    license.lastCheckInAt === null ? 'It never checked in' : `It checked in at ${toInstant(license.lastCheckInAt)}`;
  const result = denials.has('OVERDUE') ? 'denies' : 'allows';
  return [{ step: 'check_in', fact: `${since}, and must by ${toInstant(due)}.`, id: license.id, result }];
}

const OF_MACHINES = [
  'NO_MACHINE',
  'NO_MACHINES',
  'FINGERPRINT_SCOPE_MISMATCH',
  'HEARTBEAT_NOT_STARTED',
  'HEARTBEAT_DEAD',
] as const;

function machines(
  { id, all, terms }: ExplainedLicense,
  fingerprint: string | undefined,
  denials: ReadonlySet<ValidationCode>,
  at: Date,
): ExplainStep[] {
  const denial = OF_MACHINES.find((code) => denials.has(code));
  const told = (fact: string, row: string): ExplainStep => ({
    ...{ step: 'machine', fact, id: row },
    result: denial === undefined ? 'allows' : 'denies',
  });
  if (fingerprint === undefined) {
    return denial === undefined ? [] : [told('No machine is activated, and its policy is strict: it wants one.', id)];
  }
  const machine = all.find((one) => one.fingerprint === fingerprint);
  if (machine === undefined) return [told('No machine of that fingerprint is activated.', id)];
  const needed = neededMatches(terms.machine_matching_strategy, 1);
  if (needed > 1)
    return [told(`Machine ${machine.id} alone is not enough: its policy wants ${needed} to match.`, machine.id)];
  const status = heartbeatStatusOf(machine, at);
  const dies = machine.diesAt === null ? '' : `, its deadline ${toInstant(machine.diesAt)}`;
  const lost = holdsSeat(terms, machine, at) ? '' : '; its seat is free for others';
  return [told(`Machine ${machine.id} is activated, its heartbeat ${status}${dies}${lost}.`, machine.id)];
}

function limits(
  { id, terms, limits: own, used }: ExplainedLicense,
  denials: ReadonlySet<ValidationCode>,
): ExplainStep[] {
  const effective = effectiveLimits(terms, own);
  const names = (Object.keys(LIMIT_CODES) as (keyof typeof LIMIT_CODES)[]).filter((name) => effective[name] !== null);
  return names.map((name) => {
    const allowed = allowedOf(effective[name], terms.overage_strategy);
    const overage = allowed === effective[name] ? '' : `; ${allowed ?? 'any number'} tolerated`;
    const isCounted = terms.strict || name === 'max_users';
    const fact = `${used[name]} of ${effective[name]} taken of ${name}${overage}${isCounted ? '' : '; validation does not count them'}.`;
    const result = denials.has(LIMIT_CODES[name]) ? 'denies' : isCounted ? 'allows' : 'informs';
    return { step: 'limit', fact, id: `${id}/${name}`, result };
  });
}

function verdict(license: ExplainedLicense, fingerprint: string | undefined, at: Date): ExplainStep {
  const { failures, code } = validate(license, scopeOf(license, fingerprint), at);
  const unsaid = failures.map((one) => one.code).filter((one) => one.endsWith('_SCOPE_REQUIRED'));
  const denial = denialsOf(license, fingerprint, at)[0];
  const answer = denial ?? (failures.length === 0 ? code : 'VALID');
  const must = unsaid.length === 0 ? '' : `, once a validation says what it must (${unsaid.join(', ')})`;
  // What is tolerated is the code of a licence that is valid all the same.
  const tolerated = denial === undefined && answer !== 'VALID' ? ' is valid, though it' : '';
  const fact = `So it${tolerated} ${VALIDATION_CODES[answer]} (${answer})${denial === undefined ? must : ''}.`;
  return { step: 'validation', fact, id: license.id, result: denial === undefined ? 'allows' : 'denies' };
}
