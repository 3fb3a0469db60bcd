import type {
  Catalogue,
  CatalogueChange,
  CatalogueFeature,
  CataloguePlan,
  CataloguePlanVersion,
} from '@bastionary/contracts/catalogue';
import type { FeatureType } from '@bastionary/contracts/entitlements';
import type { FieldFault } from '@bastionary/contracts/problem';
import { combinesOf, emptyValue } from '@bastionary/entitlements/rules/feature-value';
import canonicalize from 'canonicalize';
import { featureFaults } from './feature-faults.js';

/** One thing to be done, and how it is told. */
export type CatalogueStep = CatalogueChange &
  (
    | { readonly kind: 'feature'; readonly feature: CatalogueFeature }
    | { readonly kind: 'plan'; readonly plan: CataloguePlan }
    | { readonly kind: 'version'; readonly plan: string; readonly version: CataloguePlanVersion }
  );

export interface CatalogueDiff {
  /** In the order in which they are to be made. */
  readonly steps: readonly CatalogueStep[];
  readonly faults: readonly FieldFault[];
}

/**
 * What is to be done so that the catalogue says what the document says. What the document does not name stays: features and
 * versions were sold, and are only ever retired. What cannot be done (a published version changed, a type changed) is a fault.
 */
export function catalogueDiff(current: Catalogue, wanted: Catalogue): CatalogueDiff {
  // A type that differs from the present one is a fault of the feature, not of each plan.
  const types = new Map([...wanted.features, ...current.features].map(({ key, type }) => [key, type]));
  const parts = [
    repeated(wanted.features, '/features'),
    repeated(wanted.plans, '/plans'),
    ...wanted.features.map((feature, index) => featureDiff(current, feature, `/features/${index}`)),
    ...wanted.plans.map((plan, index) => planDiff(current, plan, types, `/plans/${index}`)),
  ];
  return { steps: parts.flatMap(({ steps }) => steps), faults: parts.flatMap(({ faults }) => faults) };
}

const fault = (path: string, code: string, message: string): CatalogueDiff => ({
  steps: [],
  faults: [{ path, code, message }],
});
const done = (...steps: CatalogueStep[]): CatalogueDiff => ({ steps, faults: [] });

function repeated(list: readonly { key: string }[], path: string): CatalogueDiff {
  const faults = list.flatMap(({ key }, index) =>
    list.findIndex((one) => one.key === key) === index
      ? []
      : [{ path: `${path}/${index}/key`, code: 'repeated', message: `is there twice: ${key}` }],
  );
  return { steps: [], faults };
}

function featureDiff(current: Catalogue, given: CatalogueFeature, path: string): CatalogueDiff {
  const feature = whole(given);
  const old = current.features.find(({ key }) => key === feature.key);
  const told = { path: `/features/${feature.key}` };
  if (old === undefined) {
    return done({ ...told, change: 'created', to: feature, kind: 'feature', feature });
  }
  for (const field of ['type', 'combine'] as const) {
    if (old[field] === feature[field]) continue;
    return fault(`${path}/${field}`, 'immutable', `is ${old[field]} for ever: plans and snapshots were made with it`);
  }
  const changes = difference(old, feature);
  return changes === null ? done() : done({ ...told, change: 'updated', ...changes, kind: 'feature', feature });
}

function planDiff(
  current: Catalogue,
  plan: CataloguePlan,
  types: ReadonlyMap<string, FeatureType>,
  path: string,
): CatalogueDiff {
  const old = current.plans.find(({ key }) => key === plan.key);
  if (old !== undefined && old.kind !== plan.kind) {
    return fault(`${path}/kind`, 'immutable', `is ${old.kind} for ever`);
  }
  const told = { path: `/plans/${plan.key}`, kind: 'plan' as const, plan };
  const head = ({ name, kind, description = null }: CataloguePlan) => ({ name, kind, description });
  const steps: CatalogueStep[] = [];
  if (old === undefined) steps.push({ ...told, change: 'created', to: head(plan) });
  const changes = old === undefined ? null : difference(head(old), head(plan));
  if (changes !== null) steps.push({ ...told, change: 'updated', ...changes });
  const last = Math.max(0, ...(old?.versions ?? []).map(({ version }) => version));
  const order = [...plan.versions.entries()].sort(([, one], [, other]) => one.version - other.version);
  let next = last + 1;
  const parts = order.map(([index, version]): CatalogueDiff => {
    const at = `${path}/versions/${index}`;
    const faults = featureFaults(version.features, types, `${at}/features`);
    if (faults.length > 0) return { steps: [], faults };
    const before = old?.versions.find((one) => one.version === version.version);
    if (before !== undefined) return versionDiff(plan.key, before, version, at);
    if (version.version !== next) return fault(`${at}/version`, 'gap', `must be ${next}, the next one of this plan`);
    next++;
    return created(plan.key, version);
  });
  return {
    steps: [...steps, ...parts.flatMap((part) => part.steps)],
    faults: parts.flatMap((part) => part.faults),
  };
}

const toldVersion = (plan: string, version: CataloguePlanVersion) => ({
  path: `/plans/${plan}/versions/${version.version}`,
  kind: 'version' as const,
  plan,
  version,
});

function created(plan: string, version: CataloguePlanVersion): CatalogueDiff {
  const told = toldVersion(plan, version);
  const { status, version: _, ...content } = version;
  const steps: CatalogueStep[] = [{ ...told, change: 'created', to: content }];
  if (status !== 'draft') steps.push({ ...told, change: status, to: { status } });
  return done(...steps);
}

function versionDiff(
  plan: string,
  before: CataloguePlanVersion,
  version: CataloguePlanVersion,
  path: string,
): CatalogueDiff {
  const told = toldVersion(plan, version);
  const content = ({ features, prices, trial_days }: CataloguePlanVersion) => ({ features, prices, trial_days });
  const changes = difference(content(before), content(version));
  if (changes !== null && before.status !== 'draft') {
    return fault(path, 'published', `is ${before.status} and never changes; add a new version`);
  }
  const steps: CatalogueStep[] = changes === null ? [] : [{ ...told, change: 'updated', ...changes }];
  const { status } = version;
  if (status === before.status) return done(...steps);
  if (status === 'draft' || before.status === 'retired') {
    return fault(`${path}/status`, 'immutable', `is ${before.status}, and cannot become ${status}`);
  }
  return done(...steps, { ...told, change: status, from: { status: before.status }, to: { status } });
}

/** A feature with what it is by default. */
export const whole = (feature: CatalogueFeature): Required<CatalogueFeature> => ({
  key: feature.key,
  name: feature.name,
  type: feature.type,
  combine: feature.combine ?? combinesOf(feature.type)[0] ?? 'latest',
  default: feature.default === undefined ? emptyValue(feature.type) : feature.default,
  description: feature.description ?? null,
});

type Fields = Record<string, CatalogueChange['to'][string]>;

function difference(before: Fields, after: Fields): { from: Fields; to: Fields } | null {
  const changed = Object.keys(after).filter((key) => canonicalize(before[key]) !== canonicalize(after[key]));
  if (changed.length === 0) return null;
  const only = (fields: Fields): Fields => Object.fromEntries(changed.map((key) => [key, fields[key] ?? null]));
  return { from: only(before), to: only(after) };
}
