import { type Cycle, clip, periodAt, type Span } from './periods.js';
import { endOf, nextStateChange, type SubscriptionFacts } from './subscription-state.js';

export interface AddOn {
  readonly plan: string;
  readonly quantity: number;
}

/** What a customer has subscribed to. */
export interface Terms {
  /** key@version */
  readonly plan: string;
  readonly quantity: number;
  readonly addOns: readonly AddOn[];
}

/** Whatever it names is replaced. */
export type TermsChange = Partial<Terms>;

export interface ScheduledChange {
  /** Sortable by the time it was asked for. */
  readonly id: string;
  readonly at: Date;
  readonly change: TermsChange;
  /** pending, applied, or void: the subscription ended before it. */
  readonly status: 'pending' | 'applied' | 'void';
}

export interface AppliedChange {
  readonly id: string;
  /** It took effect then, however late it is applied. */
  readonly at: Date;
  readonly before: Terms;
  readonly after: Terms;
}

export interface Settlement {
  /** As they are at `now`. */
  readonly terms: Terms;
  /** In the order in which they take effect. */
  readonly applied: readonly AppliedChange[];
  /** Ids of those that will never take effect. */
  readonly voided: readonly string[];
}

/**
 * Applies the pending changes that are due, in order of their instants, and of two at one instant the one asked for
 * later last. A change counts up to the end of the subscription, that instant excluded. Written down and asked again,
 * nothing is due; and asked once after months or often in between, the terms are the same.
 */
export function applyDue(
  terms: Terms,
  changes: readonly ScheduledChange[],
  facts: SubscriptionFacts,
  now: Date,
): Settlement {
  const end = endOf(facts);
  const due = changes.filter(({ status, at }) => status === 'pending' && at <= now).sort(inOrder);
  const effective = due.filter(({ at }) => end === null || at < end);
  const applied: AppliedChange[] = [];
  let current = terms;
  for (const { id, at, change } of effective) {
    const after = { ...current, ...change };
    applied.push({ id, at, before: current, after });
    current = after;
  }
  const isOver = end !== null && end <= now;
  const voided = isOver ? changes.filter((one) => one.status === 'pending' && one.at >= end).sort(inOrder) : [];
  return { terms: current, applied, voided: voided.map(({ id }) => id) };
}

/** The terms at an instant, from those now written down: what a worker that is away has not applied yet counts too. */
export const termsAt = (terms: Terms, changes: readonly ScheduledChange[], facts: SubscriptionFacts, at: Date): Terms =>
  applyDue(terms, changes, facts, at).terms;

/**
 * The next instant after `at` at which state or terms change by themselves; null if none is known. A pending change whose
 * instant has come is due at that instant, in the past.
 */
export function nextChangeAt(facts: SubscriptionFacts, changes: readonly ScheduledChange[], at: Date): Date | null {
  const end = endOf(facts);
  const instants = changes
    .filter((one) => one.status === 'pending' && (end === null || one.at < end))
    .map((one) => one.at);
  const turn = nextStateChange(facts, at);
  return [...instants, ...(turn ? [turn.at] : [])].sort((a, b) => a.getTime() - b.getTime())[0] ?? null;
}

/**
 * The period that the subscription is in: its trial, or the period of its cycle without what lies before the first paid
 * day or after the end. Before the start it is the first one. A pause does not shift it.
 * @returns null from the end on
 */
export function currentPeriod(facts: SubscriptionFacts, cycle: Cycle, at: Date): Span | null {
  const end = endOf(facts);
  const instant = at < facts.start ? facts.start : at;
  if (end !== null && end <= instant) return null;
  const paidFrom = facts.trialEnd !== null && facts.trialEnd > facts.start ? facts.trialEnd : facts.start;
  return instant < paidFrom
    ? clip({ start: facts.start, end: paidFrom }, { start: facts.start, end })
    : clip(periodAt(cycle, instant), { start: paidFrom, end });
}

/**
 * The instant that `at: "period_end"` means, asked at `now`: the end of the trial or of the period of the cycle, as if no
 * end were set, so that a cancellation asked for twice names the same instant. At the very end of a period it is the
 * end of the next.
 */
export function periodEnd(facts: SubscriptionFacts, cycle: Cycle, now: Date): Date {
  const open = { ...facts, cancelAt: null, canceledAt: null };
  const instant = now < facts.start ? facts.start : now;
  return currentPeriod(open, cycle, instant)?.end ?? periodAt(cycle, instant).end;
}

const inOrder = (one: ScheduledChange, other: ScheduledChange): number =>
  one.at.getTime() - other.at.getTime() || (one.id < other.id ? -1 : 1);
