import type { LicenseScheme, PolicyTerms } from '@bastionary/contracts/license-policies';
import type { FieldFault } from '@bastionary/contracts/problem';
import { isStricter } from './uniqueness.js';

/** A policy as far as licences can be moved to it. */
export interface PolicyFacts {
  readonly productId: string;
  readonly scheme: LicenseScheme | null;
  readonly terms: PolicyTerms;
}

/**
 * Why a licence cannot be transferred to another policy: its key, its product or what is already activated would not fit.
 * Limits that are lower are no reason: what is over them shows at validation.
 */
export function transferFaults(from: PolicyFacts, to: PolicyFacts): FieldFault[] {
  const refused = (message: string): FieldFault => ({ path: '/policy', code: 'incompatible_policy', message });
  return [
    ...(from.productId === to.productId ? [] : [refused('must be of the same product')]),
    ...(from.scheme === to.scheme ? [] : [refused('must have the same scheme: the key was made with it')]),
    ...stricterUniqueness(from.terms, to.terms).map((name) => refused(`must not have a stricter ${name}`)),
  ];
}

/** Why a policy that licences were made under cannot be changed so: what is already activated could collide. */
export const policyChangeFaults = (before: PolicyTerms, after: PolicyTerms, licenses: number): FieldFault[] =>
  licenses === 0
    ? []
    : stricterUniqueness(before, after).map((name) => ({
        path: `/${name}`,
        code: 'in_use',
        message: 'must not become stricter once there are licences: their machines could collide',
      }));

const UNIQUENESS = ['machine_uniqueness_strategy', 'component_uniqueness_strategy'] as const;

const stricterUniqueness = (before: PolicyTerms, after: PolicyTerms) =>
  UNIQUENESS.filter((name) => isStricter(after[name], before[name]));
