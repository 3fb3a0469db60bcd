import { type Cycle, periodAt, type Span } from '../periods.js';
import { currentPeriod } from '../scheduled-change.js';
import { endOf, type SubscriptionFacts } from '../subscription-state.js';

type Facts = Pick<SubscriptionFacts, 'start' | 'trialEnd' | 'cancelAt' | 'canceledAt'>;

/**
 * The period that a request for an invoice means: the one under way or the one before. Of a subscription that has ended, its
 * last is the one under way; before the start it is the first.
 * @returns null if there is none before the first
 */
export function billingPeriod(facts: Facts, cycle: Cycle, which: 'current' | 'previous', now: Date): Span | null {
  const end = endOf(facts);
  const at = end !== null && end <= now ? new Date(end.getTime() - 1) : now;
  const current = periodOf(facts, cycle, at);
  if (which === 'current' || current === null) return current;
  return current.start <= facts.start ? null : periodOf(facts, cycle, new Date(current.start.getTime() - 1));
}

// The whole period of the cycle, also where service began later or ended before: a stub is billed as a part of it.
function periodOf(facts: Facts, cycle: Cycle, at: Date): Span | null {
  const complete = {
    ...facts,
    pausedFrom: null,
    pausedUntil: null,
    pastDueSince: null,
    graceSeconds: 0,
    suspendedAt: null,
    refundedAt: null,
  };
  const span = currentPeriod(complete, cycle, at);
  if (span === null || (facts.trialEnd !== null && span.start < facts.trialEnd)) return span;
  const { start, end } = periodAt(cycle, span.start);
  return { start: start < span.start ? span.start : start, end };
}
