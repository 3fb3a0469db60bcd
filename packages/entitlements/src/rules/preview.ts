import type { FeatureType, FeatureValue, Preview } from '@bastionary/contracts/entitlements';
import canonicalize from 'canonicalize';
import { emptyValue } from './feature-value.js';

type Features = Readonly<Record<string, FeatureValue>>;
type Changes = Preview['customers'][number]['gains'];

/**
 * What a customer would have more, and what less. A value that merely becomes another is both: the new one is gained and
 * the old one lost. A feature that is not there counts as empty.
 */
export function gainsAndLosses(
  typeOf: (feature: string) => FeatureType,
  before: Features,
  after: Features,
): { gains: Changes; loses: Changes } {
  const gains: Changes = {};
  const loses: Changes = {};
  for (const feature of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
    const type = typeOf(feature);
    const valueIn = (features: Features) =>
      Object.hasOwn(features, feature) ? (features[feature] as FeatureValue) : emptyValue(type);
    const change = { from: valueIn(before), to: valueIn(after) };
    if (canonicalize(change.from) === canonicalize(change.to)) continue;
    const more = isMore(type, change.from, change.to);
    if (more !== false) gains[feature] = change;
    if (more !== true) loses[feature] = change;
  }
  return { gains, loses };
}

// Undefined: neither more nor less, another.
function isMore(type: FeatureType, from: FeatureValue, to: FeatureValue): boolean | undefined {
  if (type === 'switch') return to === true;
  if (type === 'limit') return to === null || (from !== null && Number(to) > Number(from));
  if (from === null) return true;
  return to === null ? false : undefined;
}
