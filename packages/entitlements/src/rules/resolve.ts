import type { CustomerStatus } from '@bastionary/contracts/customers';
import type { FeatureValue } from '@bastionary/contracts/entitlements';
import { combined, type FeatureKind, timesQuantity } from './feature-value.js';

export interface FeatureFacts extends FeatureKind {
  readonly key: string;
  readonly defaultValue: FeatureValue;
}

/** What one source gives a customer, and when. Half-open: from `from` until just before `until`. */
export interface GrantFacts {
  readonly id: string;
  /** What it comes from, for example the id of a subscription. */
  readonly source: string;
  readonly kind: 'plan' | 'add_on';
  /** plan@version */
  readonly plan: string;
  readonly quantity: number;
  readonly features: Readonly<Record<string, FeatureValue>>;
  readonly from: number;
  readonly until: number | null;
}

export interface OverrideFacts {
  readonly feature: string;
  readonly value: FeatureValue;
  readonly expiresAt: number | null;
}

/** All that decides what a customer may do. Instants in milliseconds. */
export interface CustomerFacts {
  readonly id: string;
  readonly status: CustomerStatus;
  readonly features: readonly FeatureFacts[];
  readonly grants: readonly GrantFacts[];
  readonly overrides: readonly OverrideFacts[];
}

export interface Resolved {
  readonly customer: string;
  readonly status: CustomerStatus;
  readonly plans: readonly string[];
  readonly features: Readonly<Record<string, FeatureValue>>;
  /** The next instant at which it changes by itself, as far as these facts know. */
  readonly validUntil: number | null;
}

/**
 * What a customer may do at an instant: the default of a feature, unless a plan gives it; what several plans give becomes
 * one by the feature's combine rule; add-ons are combined on top of that; an override wins over all.
 */
export function resolve(facts: CustomerFacts, now: number): Resolved {
  const grants = facts.grants.filter(({ from, until }) => from <= now && (until === null || now < until));
  const overrides = facts.overrides.filter(({ expiresAt }) => expiresAt === null || now < expiresAt);
  const features: Record<string, FeatureValue> = {};
  for (const feature of facts.features) features[feature.key] = resolvedValue(feature, grants, overrides);
  return {
    customer: facts.id,
    status: facts.status,
    plans: [...new Set(grants.map(({ plan }) => plan))].sort(),
    features,
    validUntil: nextChange(facts, now),
  };
}

function resolvedValue(
  feature: FeatureFacts,
  grants: readonly GrantFacts[],
  overrides: readonly OverrideFacts[],
): FeatureValue {
  const override = overrides.find((one) => one.feature === feature.key);
  if (override !== undefined) return override.value;
  const given = grants
    .filter(({ features }) => Object.hasOwn(features, feature.key))
    .sort(
      (a, b) =>
        rank(a) - rank(b) ||
        a.from - b.from ||
        inOrder(a.source, b.source) ||
        inOrder(a.plan, b.plan) ||
        inOrder(a.id, b.id),
    )
    .map(({ features, quantity }) => timesQuantity(feature, features[feature.key] as FeatureValue, quantity));
  const value = combined(feature, given);
  // Null is a value: unlimited.
  return value === undefined ? feature.defaultValue : value;
}

// An add-on adds to a plan, so where the newest wins it comes after every plan.
const rank = ({ kind }: GrantFacts): number => (kind === 'plan' ? 0 : 1);

// Ids sort by time of making. The source and the plan come first: grants are made anew whenever their source changes.
const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function nextChange({ grants, overrides }: CustomerFacts, now: number): number | null {
  const instants = [
    ...grants.flatMap(({ from, until }) => [from, until]),
    ...overrides.map(({ expiresAt }) => expiresAt),
  ].filter((instant): instant is number => instant !== null && instant > now);
  return instants.length === 0 ? null : Math.min(...instants);
}
