import type { CustomerStatus } from '@bastionary/contracts/customers';
import type { FeatureType, FeatureValue } from '@bastionary/contracts/entitlements';
import type { ExplainChange } from '@bastionary/contracts/explain';
import { toInstant } from '@bastionary/contracts/text';
import { overrideId, type Suffices, told } from './explain-feature.js';
import { type CustomerFacts, type FeatureFacts, resolve } from './resolve.js';

/** What a feature must be, and the smallest value that is; undefined if only a person can say. */
export interface Need {
  readonly feature: FeatureFacts;
  readonly suffices: Suffices;
  readonly least: FeatureValue | undefined;
}

/** The smallest value of a feature that counts as having it. */
export const leastValue = (type: FeatureType): FeatureValue | undefined =>
  type === 'switch' ? true : type === 'limit' ? 1 : undefined;

/** A suspended customer is resumed; of an active one nothing need change. */
export const resumeCustomer = (id: string, status: CustomerStatus): ExplainChange[] =>
  status === 'active'
    ? []
    : [
        {
          act: 'resume_customer',
          target: id,
          detail: `Resume customer ${id}.`,
          request: { method: 'PATCH', path: `/api/customers/${id}`, body: { status: 'active' } },
        },
      ];

/**
 * The least that gives a customer a feature at an instant. An exception that alone stands in the way is taken back; else
 * one is made, or widened: of a single feature, no larger than needed, and no longer than `until` unless there was one
 * without end. Plans are left alone: they mean more than the one thing that was asked. Nothing the customer has now gets less.
 */
export function featureChanges(
  facts: CustomerFacts,
  { feature, suffices, least }: Need,
  { now, at, until }: { readonly now: number; readonly at: number; readonly until: Date },
): ExplainChange[] {
  const { key, type } = feature;
  const valueAt = (some: CustomerFacts, instant: number) => resolve(some, instant).features[key];
  if (suffices(valueAt(facts, at))) return [];
  const target = overrideId(facts.id, key);
  const path = `/api/customers/${target}`;
  const override = facts.overrides.find((one) => one.feature === key);
  const without = { ...facts, overrides: facts.overrides.filter((one) => one.feature !== key) };
  if (override !== undefined && suffices(valueAt(without, at)) && suffices(valueAt(without, now))) {
    const detail = `Take back the exception of ${key}: without it, it is ${told(type, valueAt(without, at) ?? null)}.`;
    return [{ act: 'delete_override', target, detail, request: { method: 'DELETE', path, body: null } }];
  }
  if (least === undefined) {
    const detail = `Set an exception of ${key} with the value wanted: PUT ${path}.`;
    return [{ act: 'set_override', target, detail, request: null }];
  }
  const value = notLess(type, least, valueAt(facts, now));
  const expires_at = override?.expiresAt === null ? null : toInstant(later(until, override?.expiresAt));
  const end = expires_at === null ? '' : ` until ${expires_at}`;
  const detail = `Make an exception for this customer: ${key} is ${told(type, value)}${end}.`;
  const body = { value, reason: `To allow ${key}, as explain proposed`, expires_at };
  return [{ act: 'set_override', target, detail, request: { method: 'PUT', path, body } }];
}

const later = (until: Date, other = 0): Date => new Date(Math.max(until.getTime(), other));

// An exception replaces what is there at once, also where it is meant for later.
function notLess(type: FeatureType, least: FeatureValue, present: FeatureValue | undefined): FeatureValue {
  if (type !== 'limit' || present === undefined) return least;
  return present === null ? null : Math.max(Number(least), Number(present));
}
