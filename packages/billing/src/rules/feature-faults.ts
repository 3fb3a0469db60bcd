import type { FeatureType, FeatureValue } from '@bastionary/contracts/entitlements';
import type { FieldFault } from '@bastionary/contracts/problem';

/** What is wrong with a value for a feature of a type; undefined if nothing is. */
export type ValueFault = (type: FeatureType, value: FeatureValue) => string | undefined;

/** What is wrong with the features of a plan version. @param path of the features, for example `/features` */
export function featureFaults(
  features: Readonly<Record<string, FeatureValue>>,
  types: ReadonlyMap<string, FeatureType>,
  valueFault: ValueFault,
  path: string,
): FieldFault[] {
  return Object.entries(features).flatMap(([key, value]) => {
    const type = types.get(key);
    if (type === undefined) {
      return { path: `${path}/${key}`, code: 'unknown_feature', message: 'is no feature; create it first' };
    }
    const message = valueFault(type, value);
    return message === undefined ? [] : { path: `${path}/${key}`, code: 'wrong_type', message };
  });
}
