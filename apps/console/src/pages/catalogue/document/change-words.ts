import type { CatalogueChange } from '@bastionary/contracts/catalogue';
import type { Combine, FeatureType, FeatureValue } from '@bastionary/contracts/entitlements';
import type { PlanVersionContent } from '@bastionary/contracts/plans';
import { COMBINES, TYPES, valueWords } from '../feature-words';
import { type Difference, type TypeOf, versionDiff } from '../version-diff';

/** One thing a document changes, as people read it. */
export type ChangeWords = { title: string; act: CatalogueChange['change']; differences: Difference[] };

const NOTHING: PlanVersionContent = { features: {}, prices: [], trial_days: 0 };

/** The types of the features that the document adds. */
export const addedTypes = (changes: readonly CatalogueChange[]): Map<string, FeatureType> =>
  new Map(
    changes.flatMap(({ path, change, to }): [string, FeatureType][] => {
      const [, kind, key = ''] = path.split('/');
      return kind === 'features' && change === 'created' ? [[key, to.type as FeatureType]] : [];
    }),
  );

/** `/plans/pro/versions/2` … in words. */
export const changeWords = ({ path, change, from = {}, to }: CatalogueChange, typeOf: TypeOf): ChangeWords => {
  const [, kind, key = '', , version] = path.split('/');
  if (kind === 'features') {
    return { title: `Feature ${key}`, act: change, differences: featureWords(typeOf(key), from, to) };
  }
  if (version === undefined) return { title: `Plan ${key}`, act: change, differences: fieldWords(from, to) };
  const title = `${key}, version ${version}`;
  if (change === 'published' || change === 'retired') return { title, act: change, differences: [] };
  const content = (fields: CatalogueChange['to']) => ({ ...NOTHING, ...fields }) as PlanVersionContent;
  return { title, act: change, differences: versionDiff(content(from), content(to), typeOf) };
};

type Fields = CatalogueChange['to'];

const featureWords = (type: FeatureType, from: Fields, to: Fields): Difference[] => {
  const shown = (name: string, value: unknown) => {
    if (name === 'default') return valueWords(type, value as FeatureValue);
    if (name === 'type') return TYPES[value as FeatureType].label.toLowerCase();
    if (name === 'combine') return COMBINES[value as Combine].label.toLowerCase();
    return textOf(value);
  };
  return changedFields(from, to).map((name) => ({
    what: name,
    ...(name in from && { from: shown(name, from[name]) }),
    to: shown(name, to[name]),
  }));
};

const fieldWords = (from: Fields, to: Fields): Difference[] =>
  changedFields(from, to).map((name) => ({
    what: name,
    ...(name in from && { from: textOf(from[name]) }),
    to: textOf(to[name]),
  }));

// What is new and empty is not worth a line.
const changedFields = (from: Fields, to: Fields) =>
  Object.keys(to).filter(
    (name) => name !== 'key' && !(to[name] === null && from[name] === undefined && name !== 'default'),
  );

const textOf = (value: unknown) => {
  if (value === null || value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
};
