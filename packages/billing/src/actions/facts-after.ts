import { AppError } from '@bastionary/platform/app-error';
import type { ActOutcome } from '../rules/subscription-act.js';
import type { SubscriptionFacts } from '../rules/subscription-state.js';

/**
 * @returns the facts after the act; null if they stay as they are
 * @throws AppError subscription_conflict if the rule refuses it
 */
export function factsAfter(outcome: ActOutcome): SubscriptionFacts | null {
  if (outcome.outcome === 'refused') {
    const { code, reason } = outcome;
    throw new AppError('subscription_conflict', reason, { faults: [{ path: '', code, message: reason }] });
  }
  return outcome.outcome === 'allowed' ? outcome.facts : null;
}
