import type { FeatureType, FeatureValue } from '@bastionary/contracts/entitlements';
import type { FieldFault } from '@bastionary/contracts/problem';
import { valueFault } from '@bastionary/entitlements/rules/feature-value';

/** What is wrong with the features of a plan version. @param path of the features, for example `/features` */
export const featureFaults = (
  features: Readonly<Record<string, FeatureValue>>,
  types: ReadonlyMap<string, FeatureType>,
  path: string,
): FieldFault[] =>
  Object.entries(features).flatMap(([key, value]) => {
    const type = types.get(key);
    if (type === undefined) {
      return { path: `${path}/${key}`, code: 'unknown_feature', message: 'is no feature; create it first' };
    }
    const message = valueFault(type, value);
    return message === undefined ? [] : { path: `${path}/${key}`, code: 'wrong_type', message };
  });
