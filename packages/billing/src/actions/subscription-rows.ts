import type { Subscription } from '@bastionary/contracts/plans';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { type Item, termsOf } from '../rules/items.js';
import type { Interval } from '../rules/periods.js';
import { planVersionName } from '../rules/plan-reference.js';
import { currentPeriod, type TermsChange } from '../rules/scheduled-change.js';
import { type Contract, settle } from '../rules/settle.js';
import { graceEndOf, type SubscriptionFacts, stateAt } from '../rules/subscription-state.js';
import type { SubscriptionRow } from './find-subscription.js';

/** A change as it is stored: on the wire's names, and the rhythm of the new plan. */
export interface StoredChange {
  readonly plan?: string;
  readonly quantity?: number;
  readonly add_ons?: { readonly plan: string; readonly quantity: number }[];
  readonly interval?: Interval;
}

export function toContract(row: SubscriptionRow): Contract {
  return {
    facts: toFacts(row),
    cycle: {
      anchor: row.anchor,
      timeZone: row.timeZone,
      interval: { unit: row.interval as Interval['unit'], count: row.intervalCount },
    },
    items: row.items.map(({ kind, planKey, planVersion, quantity, since }) => ({
      kind: kind as Item['kind'],
      plan: planVersionName(planKey, planVersion),
      quantity,
      since,
    })),
    changes: row.scheduled.map(({ id, at, change }) => {
      const { interval = null, ...stored } = change as StoredChange;
      return { id, at, change: toTermsChange(stored), interval, status: 'pending' as const };
    }),
  };
}

const toFacts = (row: SubscriptionRow): SubscriptionFacts => ({
  start: row.start,
  trialEnd: row.trialEnd,
  cancelAt: row.cancelAt,
  canceledAt: row.canceledAt,
  pausedFrom: row.pausedFrom,
  pausedUntil: row.pausedUntil,
  pastDueSince: row.pastDueSince,
  graceSeconds:
    row.graceUntil === null || row.pastDueSince === null
      ? 0
      : (row.graceUntil.getTime() - row.pastDueSince.getTime()) / 1_000,
  suspendedAt: row.suspendedAt,
  refundedAt: row.refundedAt,
});

/** The columns of what an act can change. */
export const factColumns = ({ facts, cycle }: Contract) => ({
  start: facts.start,
  trialEnd: facts.trialEnd,
  cancelAt: facts.cancelAt,
  canceledAt: facts.canceledAt,
  pausedFrom: facts.pausedFrom,
  pausedUntil: facts.pausedUntil,
  pastDueSince: facts.pastDueSince,
  graceUntil: graceEndOf(facts),
  suspendedAt: facts.suspendedAt,
  refundedAt: facts.refundedAt,
  anchor: cycle.anchor,
  timeZone: cycle.timeZone,
  interval: cycle.interval.unit,
  intervalCount: cycle.interval.count,
});

/** What a stored change names, and nothing else: what it does not name stays. */
export function toTermsChange({ plan, quantity, add_ons }: Omit<StoredChange, 'interval'>): TermsChange {
  return {
    ...(plan !== undefined && { plan }),
    ...(quantity !== undefined && { quantity }),
    ...(add_ons !== undefined && { addOns: add_ons }),
  };
}

export const toStoredChange = ({ plan, quantity, addOns }: TermsChange, interval: Interval | null): StoredChange => ({
  ...(plan !== undefined && { plan }),
  ...(quantity !== undefined && { quantity }),
  ...(addOns !== undefined && { add_ons: addOns.map((addOn) => ({ plan: addOn.plan, quantity: addOn.quantity })) }),
  ...(interval !== null && { interval }),
});

/** A subscription as it is at `now`, whether or not what fell due has been written down. */
export function toSubscription(row: SubscriptionRow, now: Date): Subscription {
  const { facts, cycle, items, changes } = settle(toContract(row), row.settledAt, now).contract;
  const { plan, quantity } = termsOf(items);
  const period = currentPeriod(facts, cycle, now);
  return {
    id: row.id,
    customer_id: row.customerId,
    state: stateAt(facts, now),
    plan,
    quantity,
    items: items.map((item) => ({ ...item, since: toInstant(item.since) })),
    start: toInstant(facts.start),
    trial_end: toInstantOrNull(facts.trialEnd),
    current_period: period && { start: toInstant(period.start), end: toInstant(period.end) },
    cancel_at: toInstantOrNull(facts.cancelAt),
    canceled_at: toInstantOrNull(facts.canceledAt),
    paused_from: toInstantOrNull(facts.pausedFrom),
    paused_until: toInstantOrNull(facts.pausedUntil),
    past_due_since: toInstantOrNull(facts.pastDueSince),
    grace_until: toInstantOrNull(graceEndOf(facts)),
    suspended_at: toInstantOrNull(facts.suspendedAt),
    refunded_at: toInstantOrNull(facts.refundedAt),
    scheduled: changes.map(({ id, at, change }) => ({ id, at: toInstant(at), change: toStoredChange(change, null) })),
    created_at: toInstant(row.createdAt),
    updated_at: toInstant(row.updatedAt),
  };
}
