import type { PolicyTerms } from '@bastionary/contracts/license-policies';
import type { ValidationCode, ValidationScope } from '@bastionary/contracts/license-validation';
import type { HeartbeatStatus } from '@bastionary/contracts/licenses';
import { isExpired } from './expiry.js';
import { heartbeatStatusOf } from './heartbeat.js';
import type { MachineFacts } from './license-facts.js';
import { isMatch } from './matching.js';
import type { ReleaseFacts, ValidationFacts } from './validation-facts.js';

/** What fails because of what a program says about itself, or does not say; in the order of the codes. */
export function scopeFailures(facts: ValidationFacts, scope: ValidationScope, now: Date): ValidationCode[] {
  const { terms } = facts;
  return [
    ...environmentFailures(scope, terms.require_environment_scope),
    ...held(scope.product, terms.require_product_scope, 'PRODUCT', (product) =>
      [facts.product.id, facts.product.code].includes(product),
    ),
    ...held(scope.policy, terms.require_policy_scope, 'POLICY', (policy) => policy === facts.policyId),
    ...held(scope.user, terms.require_user_scope, 'USER', (user) => isOf(user, facts, scope)),
    ...entitlementFailures(facts, scope),
    ...machineFailures(facts, scope, now),
    ...componentFailures(facts, scope),
    ...held(scope.checksum, terms.require_checksum_scope, 'CHECKSUM', (checksum) =>
      facts.releases.some((release) => release.checksums.includes(checksum) && isAccessible(release, facts, now)),
    ),
    ...held(scope.version, terms.require_version_scope, 'VERSION', (version) =>
      facts.releases.some((release) => release.version === version && isAccessible(release, facts, now)),
    ),
  ];
}

type Held = 'PRODUCT' | 'POLICY' | 'USER' | 'CHECKSUM' | 'VERSION';

function held(
  said: string | null | undefined,
  isRequired: boolean,
  name: Held,
  isRight: (said: string) => boolean,
): ValidationCode[] {
  if (said === null || said === undefined) return isRequired ? [`${name}_SCOPE_REQUIRED`] : [];
  return isRight(said) ? [] : [`${name}_SCOPE_MISMATCH`];
}

/** There are no environments here: null names the only one there is. */
function environmentFailures({ environment }: ValidationScope, isRequired: boolean): ValidationCode[] {
  if (environment === null) return [];
  if (environment === undefined) return isRequired ? ['ENVIRONMENT_SCOPE_REQUIRED'] : [];
  return ['ENVIRONMENT_SCOPE_MISMATCH'];
}

/** The customer that owns it, or a user of it; and no machine that is asked about may be another user's. */
function isOf(said: string, facts: ValidationFacts, scope: ValidationScope): boolean {
  if (said === facts.customerId) return true;
  const email = said.toLowerCase();
  const user = facts.users.find((one) => one.id === said || one.email.toLowerCase() === email);
  if (user === undefined) return false;
  const machines = [...ofMachineScope(facts, scope), ...ofFingerprints(facts, fingerprintsOf(scope) ?? [])];
  return machines.every(({ userId }) => userId === null || userId === user.id);
}

function entitlementFailures({ entitlements }: ValidationFacts, { entitlements: asked }: ValidationScope) {
  if (asked === null || asked === undefined) return [];
  if (asked.length === 0) return ['ENTITLEMENTS_SCOPE_EMPTY'] as const;
  return asked.every((code) => Object.hasOwn(entitlements, code)) ? [] : (['ENTITLEMENTS_MISSING'] as const);
}

function machineFailures(facts: ValidationFacts, scope: ValidationScope, now: Date): ValidationCode[] {
  const { terms } = facts;
  const fingerprints = fingerprintsOf(scope);
  const isMachineAsked = (scope.machine ?? null) !== null;
  const isAsked = isMachineAsked || (fingerprints !== null && fingerprints.length > 0);
  const codes: ValidationCode[] = [];
  if (isMachineAsked && facts.hasMachines && ofMachineScope(facts, scope).length === 0) {
    codes.push('MACHINE_SCOPE_MISMATCH');
  }
  if (!isMachineAsked && terms.require_machine_scope) codes.push('MACHINE_SCOPE_REQUIRED');
  if (isAsked && !facts.hasMachines) codes.push(noMachine(terms));
  if (fingerprints === null) return [...codes, ...required(terms), ...heartbeatFailures(facts, scope, now)];
  if (fingerprints.length === 0) codes.push('FINGERPRINT_SCOPE_EMPTY');
  else if (facts.hasMachines && !areEnough(facts, fingerprints, ofFingerprints(facts, fingerprints))) {
    codes.push('FINGERPRINT_SCOPE_MISMATCH');
  }
  return [...codes, ...heartbeatFailures(facts, scope, now)];
}

const required = ({ require_fingerprint_scope }: PolicyTerms): ValidationCode[] =>
  require_fingerprint_scope ? ['FINGERPRINT_SCOPE_REQUIRED'] : [];

/** What is said where a machine is wanted and there is none. */
export const noMachine = ({ floating }: PolicyTerms): ValidationCode => (floating ? 'NO_MACHINES' : 'NO_MACHINE');

/** Of the machines that are asked about and activated, enough must have begun their heartbeats, if required, and live. */
function heartbeatFailures(facts: ValidationFacts, scope: ValidationScope, now: Date): ValidationCode[] {
  const machine = ofMachineScope(facts, scope);
  const fingerprints = fingerprintsOf(scope) ?? [];
  const matching = ofFingerprints(facts, fingerprints);
  const isFound = fingerprints.length > 0 && areEnough(facts, fingerprints, matching);
  const lacks = (is: (status: HeartbeatStatus) => boolean): boolean => {
    const isSo = (one: MachineFacts) => is(heartbeatStatusOf(one, now));
    return !machine.every(isSo) || (isFound && !areEnough(facts, fingerprints, matching.filter(isSo)));
  };
  const hasNotStarted = facts.terms.require_heartbeat && lacks((status) => status !== 'NOT_STARTED');
  return [
    ...(hasNotStarted ? (['HEARTBEAT_NOT_STARTED'] as const) : []),
    ...(lacks((status) => status !== 'DEAD') ? (['HEARTBEAT_DEAD'] as const) : []),
  ];
}

const areEnough = ({ terms }: ValidationFacts, asked: readonly string[], machines: readonly MachineFacts[]): boolean =>
  isMatch(
    terms.machine_matching_strategy,
    asked,
    machines.map(({ fingerprint }) => fingerprint),
  );

/** Components are those of one machine: which one must be clear. */
function componentFailures(facts: ValidationFacts, scope: ValidationScope): ValidationCode[] {
  const { components } = scope;
  if (components === null || components === undefined) {
    return facts.terms.require_components_scope ? ['COMPONENTS_SCOPE_REQUIRED'] : [];
  }
  const fingerprints = fingerprintsOf(scope) ?? [];
  const machines = [...ofMachineScope(facts, scope), ...ofFingerprints(facts, fingerprints)];
  const asked = components.filter((one) => one !== '');
  if (asked.length === 0) return ['COMPONENTS_SCOPE_EMPTY'];
  if (!scope.machine && fingerprints.length !== 1) return ['FINGERPRINT_SCOPE_REQUIRED'];
  const known = machines[0]?.components ?? [];
  return isMatch(facts.terms.component_matching_strategy, asked, known) ? [] : ['COMPONENTS_SCOPE_MISMATCH'];
}

const isAccessible = ({ publishedAt }: ReleaseFacts, { terms, expiresAt }: ValidationFacts, now: Date): boolean =>
  publishedAt <= now &&
  !(terms.expiration_strategy === 'MAINTAIN_ACCESS' && isExpired(expiresAt, now) && publishedAt > (expiresAt as Date));

/** The fingerprints that a scope names; null if it says nothing of any. */
export function fingerprintsOf({ fingerprint, fingerprints }: ValidationScope): string[] | null {
  if ((fingerprint ?? null) === null && (fingerprints ?? null) === null) return null;
  return [...new Set([fingerprint ?? '', ...(fingerprints ?? [])].filter((one) => one !== ''))];
}

const ofMachineScope = ({ machines }: ValidationFacts, { machine }: ValidationScope): MachineFacts[] =>
  machines.filter(({ id, fingerprint }) => id === machine || fingerprint === machine);

const ofFingerprints = ({ machines }: ValidationFacts, fingerprints: readonly string[]): MachineFacts[] =>
  machines.filter(({ fingerprint }) => fingerprints.includes(fingerprint));
