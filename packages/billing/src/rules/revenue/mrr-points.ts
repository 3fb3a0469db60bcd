import { termsOf } from '../items.js';
import { applyDue, type Terms } from '../scheduled-change.js';
import type { Contract } from '../settle.js';
import { turnType } from '../subscription-event.js';
import { nextStateChange, type StateChange, type SubscriptionState, stateAt } from '../subscription-state.js';

/** What a subscription is worth a month from an instant on, until the next point. */
export interface MrrPoint {
  readonly at: Date;
  /** Minor units. */
  readonly amount: bigint;
  /** What it is on; empty if it is worth nothing. */
  readonly terms: string;
  /** The event that it follows from. */
  readonly reason: string;
}

/** In these something that recurs is paid. A trial pays nothing yet. */
const isPaying = (state: SubscriptionState): boolean => state === 'active' || state === 'past_due';

/**
 * What a subscription is worth from its start on, as far as is known: its terms and those that scheduled changes bring,
 * while its state pays. Of the time before its last change it knows no more than what it is now.
 * @param worth of terms, a month
 */
export function mrrTimeline({ facts, items, changes }: Contract, worth: (terms: Terms) => bigint): MrrPoint[] {
  const turns = turnsFrom(facts.start, facts);
  const last = new Date(Math.max(facts.start.getTime(), ...changes.map(({ at }) => at.getTime())));
  const applied = applyDue(termsOf(items), changes, facts, last).applied;
  const instants = [facts.start, ...turns.map(({ at }) => at), ...applied.map(({ at }) => at)]
    .map((at) => Math.max(at.getTime(), facts.start.getTime()))
    .sort((one, other) => one - other);
  return [...new Set(instants)].map((time) => {
    const at = new Date(time);
    const terms = applied.findLast((change) => change.at <= at)?.after ?? termsOf(items);
    const amount = isPaying(stateAt(facts, at)) ? worth(terms) : 0n;
    const turn = turns.find((one) => one.at.getTime() === time);
    const isChange = applied.some((change) => change.at.getTime() === time);
    const reason = turn ? turnType(turn) : isChange ? 'subscription.change_applied' : 'subscription.started';
    return { at, amount, terms: amount === 0n ? '' : termsName(terms), reason };
  });
}

/**
 * All points from `now` on, when a subscription is something else from then on. Those before it stay as they were written,
 * whatever the new facts say about the past.
 * @param kept the last point before `now`; null: none was ever written, so that a past told afterwards is written too
 * @param reason what happened now
 */
export function pointsFrom(
  timeline: readonly MrrPoint[],
  kept: MrrPoint | null,
  now: Date,
  reason: string,
): MrrPoint[] {
  const points = kept === null ? timeline : [atNow(timeline, now, reason), ...timeline.filter(({ at }) => at > now)];
  return points.filter((point, index) => {
    const before = index === 0 ? kept : points[index - 1];
    // The very first is kept also if it is worth nothing: it says that the past is told.
    return !before || point.amount !== before.amount || point.terms !== before.terms;
  });
}

function atNow(timeline: readonly MrrPoint[], now: Date, reason: string): MrrPoint {
  const current = timeline.findLast(({ at }) => at <= now);
  if (current === undefined) return { at: now, amount: 0n, terms: '', reason };
  return current.at.getTime() === now.getTime() ? current : { ...current, at: now, reason };
}

function turnsFrom(start: Date, facts: Contract['facts']): StateChange[] {
  const turns: StateChange[] = [];
  // What is true at the start is no turn, but one that leads to it is told as such.
  for (let turn = nextStateChange(facts, new Date(start.getTime() - 1)); turn; turn = nextStateChange(facts, turn.at)) {
    turns.push(turn);
  }
  return turns;
}

/** Terms in words: "pro@2 × 5 + storage@1 × 1". */
export const termsName = ({ plan, quantity, addOns }: Terms): string =>
  [{ plan, quantity }, ...addOns].map((one) => `${one.plan} × ${one.quantity}`).join(' + ');
