import type { CustomerStatus } from '@bastionary/contracts/customers';
import type { FeatureType, FeatureValue } from '@bastionary/contracts/entitlements';
import type { ExplainStep } from '@bastionary/contracts/explain';
import { toInstant } from '@bastionary/contracts/text';
import canonicalize from 'canonicalize';
import { timesQuantity } from './feature-value.js';
import { type CustomerFacts, type FeatureFacts, type GrantFacts, resolve } from './resolve.js';

/** An exception as it is told; what it does stands in the facts. */
export interface OverrideTold {
  readonly feature: string;
  readonly value: FeatureValue;
  readonly reason: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
}

/** Whether a value is enough for what was asked. */
export type Suffices = (value: FeatureValue | undefined) => boolean;

/** A suspended customer may do nothing, whatever it has. */
export const explainCustomer = (id: string, status: CustomerStatus): ExplainStep => ({
  step: 'customer',
  fact: `Customer ${id} is ${status}.`,
  id,
  result: status === 'active' ? 'allows' : 'denies',
});

/** An override in a chain of steps and in a change: where it stands in the management API. */
export const overrideId = (customerId: string, feature: string): string => `${customerId}/overrides/${feature}`;

/**
 * How a feature of a customer comes to its value at an instant: default, plans and add-ons, exception, and what became of
 * them, which alone decides.
 */
export function explainFeature(
  facts: CustomerFacts,
  feature: FeatureFacts,
  override: OverrideTold | undefined,
  { at, suffices }: { readonly at: number; readonly suffices: Suffices },
): ExplainStep[] {
  const { key, type, combine } = feature;
  const lends = (value: FeatureValue): ExplainStep['result'] => (suffices(value) ? 'allows' : 'informs');
  const named = `${key} is ${told(type, feature.defaultValue)}`;
  const grants = facts.grants.filter(({ features }) => Object.hasOwn(features, key)).sort((a, b) => a.from - b.from);
  const steps: ExplainStep[] = [
    {
      step: 'feature_default',
      fact: `Unless a plan or an exception says otherwise, ${named}.`,
      id: key,
      result: 'informs',
    },
    ...grants.map((grant): ExplainStep => {
      const value = timesQuantity(feature, grant.features[key] as FeatureValue, grant.quantity);
      return {
        step: grant.kind === 'plan' ? 'plan_version' : 'add_on',
        fact: grantFact(grant, key, told(type, value), at),
        id: grant.plan,
        result: isInEffect(grant, at) ? lends(value) : 'informs',
      };
    }),
  ];
  if (override !== undefined) steps.push(explainOverride(facts.id, override, type, { at, suffices }));
  const value = resolve(facts, at).features[key];
  const giving = grants.filter((grant) => isInEffect(grant, at));
  const how = giving.length > 1 && !isOverridden(override, at) ? `, the ${combine} of ${giving.length}` : '';
  steps.push(explainValue(key, type, value, how, suffices));
  return steps;
}

/** The same of a past instant: what came of it is kept for ever, how it came to it only in part. */
export function explainFeatureThen(
  customerId: string,
  { epoch, value }: { readonly epoch: number; readonly value: FeatureValue | undefined },
  { key, type }: FeatureFacts,
  override: OverrideTold | undefined,
  { at, suffices }: { readonly at: number; readonly suffices: Suffices },
): ExplainStep[] {
  const wasThere = override !== undefined && override.createdAt <= at;
  return [
    ...(wasThere ? [explainOverride(customerId, override, type, { at, suffices })] : []),
    explainValue(key, type, value, `, by the history of the customer (epoch ${epoch})`, suffices),
  ];
}

function explainOverride(
  customerId: string,
  { feature, value, reason, expiresAt }: OverrideTold,
  type: FeatureType,
  { at, suffices }: { readonly at: number; readonly suffices: Suffices },
): ExplainStep {
  const isOver = expiresAt !== null && expiresAt <= at;
  const until = expiresAt === null ? '' : ` until ${instant(expiresAt)}`;
  const fact = isOver
    ? `An exception said ${feature} is ${told(type, value)}; it ended at ${instant(expiresAt)}.`
    : `An exception says ${feature} is ${told(type, value)}${until}: ${reason}`;
  const result = isOver ? 'informs' : suffices(value) ? 'allows' : 'denies';
  return { step: 'override', fact, id: overrideId(customerId, feature), result };
}

const isOverridden = (override: OverrideTold | undefined, at: number): boolean =>
  override !== undefined && (override.expiresAt === null || at < override.expiresAt);

function explainValue(
  key: string,
  type: FeatureType,
  value: FeatureValue | undefined,
  how: string,
  suffices: Suffices,
): ExplainStep {
  const fact = value === undefined ? `There was no ${key} then.` : `So ${key} is ${told(type, value)}${how}.`;
  return { step: 'feature', fact, id: key, result: suffices(value) ? 'allows' : 'denies' };
}

const isInEffect = ({ from, until }: GrantFacts, at: number): boolean => from <= at && (until === null || at < until);

function grantFact(grant: GrantFacts, key: string, value: string, at: number): string {
  const { kind, plan, source, quantity, from, until } = grant;
  const what = `${kind === 'plan' ? 'Plan' : 'Add-on'} ${plan}${quantity > 1 ? ` × ${quantity}` : ''}`;
  if (until !== null && until <= at) return `${what} granted ${key} = ${value} until ${instant(until)} (${source}).`;
  if (from > at) return `${what} will grant ${key} = ${value} from ${instant(from)} (${source}).`;
  const end = until === null ? '' : ` until ${instant(until)}`;
  return `${what} grants ${key} = ${value} since ${instant(from)}${end} (${source}).`;
}

/** A value as a sentence has it. */
export function told(type: FeatureType, value: FeatureValue): string {
  if (type === 'switch') return value === true ? 'on' : 'off';
  if (type === 'limit' && value === null) return 'unlimited';
  return canonicalize(value as never) ?? 'null';
}

const instant = (milliseconds: number): string => toInstant(new Date(milliseconds));
