import type { Entitlements, Feature, FeatureType, FeatureValue, Preview } from '@bastionary/contracts/entitlements';
import { gainsAndLosses } from '@bastionary/entitlements/rules/preview';

type GainsAndLosses = Pick<Preview['customers'][number], 'gains' | 'loses'>;

export type FeatureChange = {
  feature: string;
  kind: 'gained' | 'lost' | 'changed';
  from: FeatureValue;
  to: FeatureValue;
};

/** One line a feature. What is gained and lost at once merely became another. */
export const toChanges = ({ gains, loses }: GainsAndLosses): FeatureChange[] =>
  Object.entries({ ...gains, ...loses })
    .map(([feature, { from, to }]): FeatureChange => {
      const isBoth = feature in gains && feature in loses;
      return { feature, kind: isBoth ? 'changed' : feature in gains ? 'gained' : 'lost', from, to };
    })
    .sort((a, b) => (a.feature < b.feature ? -1 : 1));

/** The type of a feature; of one that is no longer in the catalogue, the one its values look like. */
export const typeIn =
  (features: readonly Feature[]) =>
  (key: string, ...values: (FeatureValue | undefined)[]): FeatureType => {
    const known = features.find((feature) => feature.key === key);
    if (known) return known.type;
    if (values.some((value) => typeof value === 'boolean')) return 'switch';
    return values.some((value) => typeof value === 'number') ? 'limit' : 'value';
  };

type Snapshot = Pick<Entitlements, 'features'>;

/** What a customer has more and less in one snapshot than in the one before. */
export const changesBetween = (before: Snapshot, after: Snapshot, features: readonly Feature[]): FeatureChange[] =>
  toChanges(
    gainsAndLosses(
      (key) => typeIn(features)(key, before.features[key], after.features[key]),
      before.features,
      after.features,
    ),
  );
