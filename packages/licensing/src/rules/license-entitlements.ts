import type { FeatureType, FeatureValue } from '@bastionary/contracts/entitlements';
import type { License } from '@bastionary/contracts/licenses';
import { isGiven } from '@bastionary/entitlements/rules/feature-value';

/** What a licence entitles to by itself. */
export interface OwnEntitlement {
  readonly code: string;
  readonly value: FeatureValue;
  /** Exclusive; null: as long as the licence. */
  readonly expiresAt: Date | null;
}

/** A feature of its customer's snapshot. */
export interface CustomerFeature {
  readonly key: string;
  readonly type: FeatureType;
  readonly value: FeatureValue;
}

/** One entitlement as answers have it. */
export interface Entitlement {
  readonly code: string;
  readonly value: FeatureValue;
  readonly expiresAt: Date | null;
  readonly from: License['entitlements'][number]['from'];
}

/**
 * What a licence entitles to at an instant, by code: the features that its customer has (a switch that is on, a limit above
 * zero, a value), and its own that have not expired; its own win.
 */
export function entitlementsOf(
  features: readonly CustomerFeature[],
  own: readonly OwnEntitlement[],
  now: Date,
): Entitlement[] {
  const inForce = own.filter(({ expiresAt }) => expiresAt === null || now < expiresAt);
  const all = new Map<string, Entitlement>([
    ...features
      .filter(({ type, value }) => isGiven(type, value))
      .map(({ key, value }): [string, Entitlement] => [key, { code: key, value, expiresAt: null, from: 'customer' }]),
    ...inForce.map((one): [string, Entitlement] => [one.code, { ...one, from: 'license' }]),
  ]);
  return [...all.values()].sort((one, other) => (one.code < other.code ? -1 : 1));
}
