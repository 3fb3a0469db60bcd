import type { Entitlements, Feature, FeatureValue, Override } from '@bastionary/contracts/entitlements';
import type { Plan } from '@bastionary/contracts/plans';
import { typeIn } from './feature-changes';
import { type FeatureSource, sourceOf } from './feature-source';

export type FeatureRow = { feature: Feature; value: FeatureValue; source: FeatureSource };

/** A feature that is no longer in the catalogue, as far as a value of it tells. */
export const featureNamed = (features: readonly Feature[], key: string, value: FeatureValue): Feature =>
  features.find((each) => each.key === key) ?? {
    key,
    name: key,
    type: typeIn(features)(key, value),
    combine: 'latest',
    default: null,
    description: null,
    created_at: '',
    updated_at: '',
  };

/** One row a feature of the snapshot, by key. */
export const featureRows = (
  snapshot: Entitlements,
  catalogue: { features: Feature[]; plans: Plan[] },
  overrides: Override[],
  now: number,
): FeatureRow[] =>
  Object.entries(snapshot.features)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => ({
      feature: featureNamed(catalogue.features, key, value),
      value,
      source: sourceOf(key, { plans: snapshot.plans, overrides, catalogue: catalogue.plans, now }),
    }));
