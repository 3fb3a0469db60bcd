import type { FeatureValue } from '@bastionary/contracts/entitlements';
import type { ExplainStep } from '@bastionary/contracts/explain';
import { toInstant } from '@bastionary/contracts/text';
import { termsOf } from './items.js';
import type { Terms, TermsChange } from './scheduled-change.js';
import { type Contract, settle } from './settle.js';
import { endOf, isEntitling, type Standing, type SubscriptionFacts, standingAt } from './subscription-state.js';

export interface ExplainedSubscription {
  readonly id: string;
  readonly createdAt: Date;
  readonly settledAt: Date;
  readonly contract: Contract;
}

/** What a plan version gives. @param plan key@version */
export type FeaturesOf = (plan: string) => Readonly<Record<string, FeatureValue>>;

/** The feature that is asked about, and whether a value of it is enough. */
export interface Asked {
  readonly feature: string;
  readonly suffices: (value: FeatureValue | undefined) => boolean;
  /** Whether the customer has it in the end: then nothing here stands in the way. */
  readonly isHad: boolean;
}

/**
 * What each subscription of a customer was, is or will be at an instant, and whether it stands in the way: one that would
 * give what is missing, if only it were in force, denies.
 */
export function explainSubscriptions(
  subscriptions: readonly ExplainedSubscription[],
  featuresOf: FeaturesOf,
  asked: Asked,
  at: Date,
): ExplainStep[] {
  const then = subscriptions.filter(({ createdAt }) => createdAt <= at);
  if (then.length === 0) return [{ step: 'subscription', fact: NONE, id: null, result: 'informs' }];
  return then.flatMap((one) => explainOne(one, featuresOf, asked, at));
}

const NONE = 'The customer has no subscription.';

function explainOne(
  { id, settledAt, contract }: ExplainedSubscription,
  featuresOf: FeaturesOf,
  { feature, suffices, isHad }: Asked,
  at: Date,
): ExplainStep[] {
  // What is written down later than `at` cannot be taken back: then the terms are told as they are.
  const { facts, items, changes } = settle(contract, settledAt, at).contract;
  const terms = termsOf(items);
  const standing = standingAt(facts, at);
  const gives = [terms.plan, ...terms.addOns.map(({ plan }) => plan)].some((plan) => {
    const features = featuresOf(plan);
    return Object.hasOwn(features, feature) && suffices(features[feature]);
  });
  const isInForce = isEntitling(standing.state);
  const result = gives && isInForce ? 'allows' : gives && !isHad ? 'denies' : 'informs';
  const fact = isInForce
    ? `Subscription ${id} ${standingTold(standing, facts)}: ${termsTold(terms)}${gives ? '' : `, without ${feature}`}.`
    : `Subscription ${id} ${standingTold(standing, facts)}, so nothing of ${termsTold(terms)} counts${gives ? `, ${feature} neither` : ''}.`;
  return [
    { step: 'subscription', fact, id, result },
    ...changes.map(
      (change): ExplainStep => ({
        step: 'scheduled_change',
        fact: `From ${toInstant(change.at)} on it is arranged to be: ${changeTold(change.change)}.`,
        id: change.id,
        result: 'informs',
      }),
    ),
  ];
}

function standingTold({ state, because, since }: Standing, facts: SubscriptionFacts): string {
  const from = toInstant(since);
  const end = endOf(facts);
  const ends = end === null ? '' : `, and ends at ${toInstant(end)}`;
  switch (state) {
    case 'scheduled':
      return `begins only at ${from}`;
    case 'canceled':
      return `was canceled at ${from}`;
    case 'trialing':
      return `is on trial until ${facts.trialEnd === null ? from : toInstant(facts.trialEnd)}${ends}`;
    case 'paused':
      return `is paused since ${from}${facts.pausedUntil === null ? '' : ` until ${toInstant(facts.pausedUntil)}`}`;
    case 'past_due':
      return `is past due since ${from}, and works on for the time of grace${ends}`;
    case 'suspended':
      return `is suspended since ${from}${because === 'refunded' ? ', when all that was paid for its period went back' : ''}${ends}`;
    default:
      return `is ${state} since ${from}${ends}`;
  }
}

const counted = (plan: string, quantity: number): string => (quantity > 1 ? `${plan} × ${quantity}` : plan);

const termsTold = ({ plan, quantity, addOns }: Terms): string =>
  [counted(plan, quantity), ...addOns.map((addOn) => counted(addOn.plan, addOn.quantity))].join(' with ');

function changeTold({ plan, quantity, addOns }: TermsChange): string {
  const parts = [
    ...(plan === undefined ? [] : [`plan ${plan}`]),
    ...(quantity === undefined ? [] : [`quantity ${quantity}`]),
    ...(addOns === undefined
      ? []
      : [`add-ons ${addOns.map((addOn) => counted(addOn.plan, addOn.quantity)).join(', ') || 'none'}`]),
  ];
  return parts.join(', ');
}

/** Where the feature could be bought: said only where it is missing. @param current published plan versions */
export function explainOffer(current: readonly string[], featuresOf: FeaturesOf, asked: Asked): ExplainStep[] {
  if (asked.isHad) return [];
  const { feature, suffices } = asked;
  const offers = current.filter((plan) => {
    const features = featuresOf(plan);
    return Object.hasOwn(features, feature) && suffices(features[feature]);
  });
  const fact =
    offers.length === 0
      ? `No plan and no add-on gives ${feature}.`
      : `Plans and add-ons that give ${feature}: ${offers.join(', ')}.`;
  return [{ step: 'catalogue', fact, id: null, result: 'informs' }];
}

/** What a plan that the customer was on gave, which never changes. @param plans key@version, of a past snapshot */
export function explainPlansThen(plans: readonly string[], featuresOf: FeaturesOf, asked: Asked): ExplainStep[] {
  return plans.map((plan) => {
    const features = featuresOf(plan);
    const isGiven = Object.hasOwn(features, asked.feature);
    const value = JSON.stringify(features[asked.feature]);
    const fact = `Plan ${plan} ${isGiven ? `grants ${asked.feature} = ${value}` : `does not grant ${asked.feature}`}.`;
    const result = isGiven && asked.suffices(features[asked.feature]) ? 'allows' : 'informs';
    return { step: 'plan_version', fact, id: plan, result };
  });
}
