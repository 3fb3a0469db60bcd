import type { PolicyTerms } from '@bastionary/contracts/license-policies';

export type UniquenessStrategy = PolicyTerms['component_uniqueness_strategy'];

/** Where a machine or component stands. */
export interface Place {
  readonly productId: string;
  readonly policyId: string;
  readonly licenseId: string;
  /** Of a component. */
  readonly machineId?: string;
}

// The narrowest first: the wider, the stricter.
const SCOPES = [
  ['UNIQUE_PER_MACHINE', 'machineId'],
  ['UNIQUE_PER_LICENSE', 'licenseId'],
  ['UNIQUE_PER_POLICY', 'policyId'],
  ['UNIQUE_PER_PRODUCT', 'productId'],
  ['UNIQUE_PER_ACCOUNT', null],
] as const satisfies readonly (readonly [UniquenessStrategy, keyof Place | null])[];

/** By what the rows are found that the same fingerprint must not be in; empty: all there are. */
export function collisionScope(strategy: UniquenessStrategy, place: Place): Partial<Place> {
  const name = scopeOf(strategy)[1];
  return name === null ? {} : { [name]: place[name] };
}

/** Whether the same fingerprint must not be in both places. */
export const collides = (strategy: UniquenessStrategy, one: Place, other: Place): boolean =>
  Object.entries(collisionScope(strategy, one)).every(([name, id]) => other[name as keyof Place] === id);

/** Whether the one strategy forbids what the other allows. */
export const isStricter = (one: UniquenessStrategy, other: UniquenessStrategy): boolean =>
  SCOPES.indexOf(scopeOf(one)) > SCOPES.indexOf(scopeOf(other));

const scopeOf = (strategy: UniquenessStrategy): (typeof SCOPES)[number] =>
  SCOPES.find(([name]) => name === strategy) ?? SCOPES[4];
