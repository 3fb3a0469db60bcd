import { overdueInvoices } from '@bastionary/billing/actions/collection/overdue-invoices';
import { loadExplainedPlans, loadExplainedSubscriptions } from '@bastionary/billing/actions/explain-facts';
import { explainOverdue, payOf, payOverdue } from '@bastionary/billing/rules/collection/explain-overdue';
import { explainOffer, explainPlansThen, explainSubscriptions } from '@bastionary/billing/rules/explain-subscription';
import type { FeatureValue } from '@bastionary/contracts/entitlements';
import type { ExplainChange, ExplainStep } from '@bastionary/contracts/explain';
import { toInstant } from '@bastionary/contracts/text';
import { loadExplainedCustomer } from '@bastionary/entitlements/actions/explain-facts';
import { entitlementsAt } from '@bastionary/entitlements/actions/find-entitlements';
import { featureChanges, type Need, resumeCustomer } from '@bastionary/entitlements/rules/explain-entitlement-change';
import {
  explainCustomer,
  explainFeature,
  explainFeatureThen,
  type Suffices,
} from '@bastionary/entitlements/rules/explain-feature';
import { type FeatureFacts, resolve } from '@bastionary/entitlements/rules/resolve';
import { AppError } from '@bastionary/platform/app-error';
import type { Reader } from '@bastionary/prisma/client';
import type { Moment } from './moment.js';

/** A customer at an instant, past, present or to come: what it has, how that came about, and what would change it. */
export interface CustomerView {
  readonly step: ExplainStep;
  valueOf(feature: string): FeatureValue | undefined;
  /** @throws AppError not_found */
  definitionOf(feature: string): FeatureFacts;
  /** From the subscriptions to the value of a feature. */
  chainOf(feature: string, suffices: Suffices): ExplainStep[];
  /** What pays all that is overdue of a subscription. */
  paymentsFor(subscriptionId: string): ExplainChange[];
  /** What resumes it and gives it what it needs; empty if it needs nothing. */
  changesFor(needs: readonly Need[]): ExplainChange[];
}

/** @throws AppError not_found (also before there was such a customer) */
export async function loadCustomerView(db: Reader, customerId: string, moment: Moment): Promise<CustomerView> {
  const { now, at, isPast } = moment;
  const { facts, overrides } = await loadExplainedCustomer(db, customerId);
  const subscriptions = await loadExplainedSubscriptions(db, customerId, now);
  const overdue = await overdueInvoices(db, customerId, at);
  const { current, featuresOf } = await loadExplainedPlans(db);
  const then = isPast ? await entitlementsAt(db, customerId, at) : null;
  if (isPast && then === null) {
    throw new AppError('not_found', `At ${toInstant(at)} there was no customer ${customerId} yet.`);
  }
  const { status, features } = then ?? resolve(facts, at.getTime());
  const had = (feature: string) => (Object.hasOwn(features, feature) ? features[feature] : undefined);
  const definitionOf = (key: string): FeatureFacts => {
    const definition = facts.features.find((one) => one.key === key);
    if (definition !== undefined) return definition;
    throw new AppError('not_found', `There is no feature ${key}. GET /api/features lists them.`);
  };
  return {
    step: explainCustomer(customerId, status),
    valueOf: had,
    definitionOf,
    chainOf(key, suffices) {
      const value = had(key);
      const asked = { feature: key, suffices, isHad: suffices(value) };
      const [definition, override] = [definitionOf(key), overrides.get(key)];
      const around = { at: at.getTime(), suffices };
      return [
        ...explainSubscriptions(subscriptions, featuresOf, asked, at),
        ...(asked.isHad ? [] : explainOverdue(subscriptions, overdue, at)),
        ...(then === null
          ? explainFeature(facts, definition, override, around)
          : [
              ...explainPlansThen(then.plans, featuresOf, asked),
              ...explainFeatureThen(customerId, { epoch: then.epoch, value }, definition, override, around),
            ]),
        ...explainOffer(current, featuresOf, asked),
      ];
    },
    paymentsFor: (subscriptionId) => payOf(overdue, subscriptionId),
    changesFor: (needs) => [
      ...resumeCustomer(customerId, status),
      ...needs.flatMap((need) => {
        const asked = { feature: need.feature.key, suffices: need.suffices };
        const paid = asked.suffices(had(need.feature.key))
          ? []
          : payOverdue(subscriptions, overdue, featuresOf, asked, at);
        // What was bought comes back by paying for it, not by an exception.
        return paid.length > 0
          ? paid
          : featureChanges(facts, need, { now: now.getTime(), at: at.getTime(), until: moment.until });
      }),
    ],
  };
}
