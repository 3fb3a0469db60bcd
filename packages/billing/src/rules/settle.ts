import { type Item, itemsAfter, termsOf } from './items.js';
import { type Cycle, cycleAfter, type Interval } from './periods.js';
import { type AppliedChange, applyDue, nextChangeAt, type ScheduledChange } from './scheduled-change.js';
import { type StateChange, type SubscriptionFacts, stateChangesBetween } from './subscription-state.js';

/** A change to come, and the rhythm that the new plan is billed in; null if the plan stays. */
export interface PlannedChange extends ScheduledChange {
  readonly interval: Interval | null;
}

/** All that a subscription is. */
export interface Contract {
  readonly facts: SubscriptionFacts;
  readonly cycle: Cycle;
  readonly items: readonly Item[];
  /** Those pending. */
  readonly changes: readonly PlannedChange[];
}

export interface Settled {
  /** As it is at `now`; what was applied or void is no longer among its changes. */
  readonly contract: Contract;
  readonly applied: readonly AppliedChange[];
  /** Ids of those that never take effect. */
  readonly voided: readonly string[];
  /** What it held after each change, from that instant on. */
  readonly history: readonly { readonly at: Date; readonly items: readonly Item[]; readonly anchor: Date }[];
  /** What happened by itself since it was last written down. */
  readonly stateChanges: readonly StateChange[];
}

/** Lets everything take effect that fell due up to and including `now`, however long ago that was. */
export function settle(contract: Contract, settledAt: Date, now: Date): Settled {
  const { facts, changes } = contract;
  const { applied, voided } = applyDue(termsOf(contract.items), changes, facts, now);
  let { items, cycle } = contract;
  const history: { at: Date; items: readonly Item[]; anchor: Date }[] = [];
  for (const { id, at, after } of applied) {
    items = itemsAfter(items, after, at);
    cycle = rhythmAfter(cycle, changes.find((change) => change.id === id)?.interval ?? null, at);
    history.push({ at, items, anchor: cycle.anchor });
  }
  const gone = new Set([...applied.map(({ id }) => id), ...voided]);
  return {
    contract: { facts, cycle, items, changes: changes.filter(({ id }) => !gone.has(id)) },
    applied,
    voided,
    history,
    stateChanges: stateChangesBetween(facts, settledAt, now),
  };
}

/** The next instant after `now` at which something happens by itself; null if nothing will. */
export const nextEvent = ({ facts, changes }: Contract, now: Date): Date | null => nextChangeAt(facts, changes, now);

/** The rhythm after a change of plan. Before the first paid day it is still to begin, and begins there. */
export function rhythmAfter(cycle: Cycle, interval: Interval | null, at: Date): Cycle {
  if (interval === null) return cycle;
  return at < cycle.anchor ? { ...cycle, interval } : cycleAfter(cycle, interval, at);
}
