import type { FeatureValue, Override } from '@bastionary/contracts/entitlements';
import type { Plan } from '@bastionary/contracts/plans';

/** What gives a customer the value of a feature. */
export type FeatureSource =
  | { kind: 'override'; override: Override }
  | { kind: 'plans'; plans: string[] }
  | { kind: 'default' };

type Facts = {
  /** key@version, as the snapshot names them. */
  plans: readonly string[];
  overrides: readonly Override[];
  catalogue: readonly Plan[];
  now: number;
};

export const isInForce = ({ expires_at }: Override, now: number) => expires_at === null || Date.parse(expires_at) > now;

const givenBy = (catalogue: readonly Plan[], reference: string): Record<string, FeatureValue> => {
  const [key, version] = reference.split('@');
  const plan = catalogue.find((each) => each.key === key);
  return plan?.versions.find((each) => String(each.version) === version)?.features ?? {};
};

/** An override wins over every plan, and any plan over the default. */
export const sourceOf = (feature: string, { plans, overrides, catalogue, now }: Facts): FeatureSource => {
  const override = overrides.find((each) => each.feature === feature && isInForce(each, now));
  if (override) return { kind: 'override', override };
  const giving = plans.filter((reference) => Object.hasOwn(givenBy(catalogue, reference), feature));
  return giving.length > 0 ? { kind: 'plans', plans: giving } : { kind: 'default' };
};
