import type { Combine, FeatureType, FeatureValue } from '@bastionary/contracts/entitlements';

const LIMIT_MAX = Number.MAX_SAFE_INTEGER;

/** What a feature is, as far as its values go. */
export interface FeatureKind {
  readonly type: FeatureType;
  readonly combine: Combine;
}

const COMBINES: Record<FeatureType, readonly Combine[]> = {
  switch: ['any', 'latest'],
  limit: ['max', 'sum', 'latest'],
  value: ['latest'],
};

/** The ways in which values of a type can be combined; the first is the default. */
export const combinesOf = (type: FeatureType): readonly Combine[] => COMBINES[type];

/** What a customer has of a feature that nobody gave him, unless the feature says otherwise. */
export function emptyValue(type: FeatureType): FeatureValue {
  if (type === 'switch') return false;
  return type === 'limit' ? 0 : null;
}

/** What is wrong with a value for a feature of that type; undefined if nothing is. */
export function valueFault(type: FeatureType, value: unknown): string | undefined {
  if (type === 'switch')
    return typeof value === 'boolean' ? undefined : 'must be true or false: the feature is a switch';
  if (type === 'value') return undefined;
  const isLimit = value === null || (Number.isSafeInteger(value) && (value as number) >= 0);
  return isLimit
    ? undefined
    : `must be a whole number from 0 to ${LIMIT_MAX}, or null for unlimited: the feature is a limit`;
}

/**
 * Makes one value of what several sources give, the oldest first. Unlimited (null) beats every number.
 * A sum that leaves what JavaScript holds exactly is unlimited in all but name, and stays at the largest such number.
 */
export function combined({ type, combine }: FeatureKind, values: readonly FeatureValue[]): FeatureValue | undefined {
  const latest = values.at(-1);
  if (latest === undefined || combine === 'latest') return latest;
  if (type === 'switch') return values.includes(true);
  if (values.includes(null)) return null;
  const numbers = values as readonly number[];
  if (combine === 'max') return Math.max(...numbers);
  return numbers.reduce((sum, value) => Math.min(LIMIT_MAX, sum + value), 0);
}

/** Whether a switch is on, or a limit is above zero or unlimited (null). Other features are not asked this. */
export const isHad = (value: FeatureValue | undefined): boolean =>
  value === null || value === true || (typeof value === 'number' && value > 0);

/** Whether a customer has a feature of that type at all. Of a plain value null is nothing; of a limit it is no end. */
export const isGiven = (type: FeatureType, value: FeatureValue | undefined): boolean =>
  type === 'value' ? value !== null && value !== undefined : isHad(value);

/** A value given once per seat: limits grow with the quantity, everything else is had or not. */
export function timesQuantity({ type, combine }: FeatureKind, value: FeatureValue, quantity: number): FeatureValue {
  if (type !== 'limit' || combine !== 'sum' || typeof value !== 'number') return value;
  return Math.min(LIMIT_MAX, value * quantity);
}
