import type { FeatureType } from '@bastionary/contracts/entitlements';
import type { PlanVersionContent } from '@bastionary/contracts/plans';
import type { Price } from '@bastionary/contracts/prices';
import { valueWords } from './feature-words';
import { priceWords, trialWords } from './price-words';

/** One thing that differs. Without `from` it was added, without `to` taken away. */
export type Difference = { what: string; from?: string; to?: string };
export type TypeOf = (feature: string) => FeatureType;

/** What of a version is another in the one after it, in the order in which people read it: features, prices, trial. */
export const versionDiff = (before: PlanVersionContent, after: PlanVersionContent, typeOf: TypeOf): Difference[] => [
  ...featureDiff(before.features, after.features, typeOf),
  ...priceDiff(before.prices, after.prices),
  ...difference('trial', wordsOfTrial(before), wordsOfTrial(after)),
];

/**
 * `api_calls 1,000 → 5,000; sso added`
 * @param most that are named; the others are counted
 */
export const diffSentence = (differences: readonly Difference[], most = Number.POSITIVE_INFINITY): string => {
  const named = differences.slice(0, most).map(({ what, from, to }) => `${what} ${outcome(from, to)}`);
  const others = differences.length - named.length;
  return [...named, ...(others > 0 ? [`and ${others} more`] : [])].join('; ');
};

const outcome = (from: string | undefined, to: string | undefined) => {
  if (from !== undefined && to !== undefined) return `${from} → ${to}`;
  const value = from ?? to;
  const act = to === undefined ? 'removed' : 'added';
  return value === 'on' ? act : `${act} (${value})`;
};

type Features = PlanVersionContent['features'];

const featureDiff = (before: Features, after: Features, typeOf: TypeOf) =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((key) => {
    const words = (features: Features) =>
      key in features ? valueWords(typeOf(key), features[key] ?? null) : undefined;
    return difference(key, words(before), words(after));
  });

const wordsOfTrial = ({ trial_days }: PlanVersionContent) => (trial_days === 0 ? undefined : trialWords(trial_days));

const priceDiff = (before: readonly Price[], after: readonly Price[]): Difference[] => {
  const named = ({ key }: Price) => `price ${key}`;
  const gone = before.filter(({ key }) => !after.some((one) => one.key === key));
  return [
    ...gone.map((price) => ({ what: named(price), from: priceWords(price) })),
    ...after.flatMap((price) => {
      const old = before.find(({ key }) => key === price.key);
      return difference(named(price), old && priceWords(old), priceWords(price));
    }),
  ];
};

const difference = (what: string, from: string | undefined, to: string | undefined): Difference[] =>
  from === to ? [] : [{ what, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
