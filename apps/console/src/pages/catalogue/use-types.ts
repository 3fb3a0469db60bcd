import type { FeatureType } from '@bastionary/contracts/entitlements';
import { useQuery } from '@tanstack/react-query';
import { featuresQuery } from '../../api/catalogue';
import type { TypeOf } from './version-diff';

/** The type of each feature; of one that is not known, that which reads every value as it stands. */
export const useTypes = (more: ReadonlyMap<string, FeatureType> = new Map()): TypeOf => {
  const { data } = useQuery(featuresQuery);
  const types = new Map([...(data ?? []).map(({ key, type }) => [key, type] as const), ...more]);
  return (key) => types.get(key) ?? 'value';
};
