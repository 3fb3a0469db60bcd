import type { OpenSpan } from '../invoicing/charges.js';
import type { ItemSpan } from '../invoicing/item-spans.js';
import { termsOf } from '../items.js';
import type { Terms } from '../scheduled-change.js';
import type { Contract } from '../settle.js';
import { type MrrPoint, mrrTimeline, pointsFrom, termsName } from './mrr-points.js';

/** What is known of a subscription's past beside what it is now. */
export interface Past {
  readonly spans: readonly ItemSpan[];
  readonly pauses: readonly OpenSpan[];
}

/**
 * All points of a subscription of which none was ever written: with what it held when, and when it was paused. Before the
 * first that is known of it, it held that.
 * @param worth of terms, a month
 */
export function mrrPast(
  contract: Contract,
  { spans, pauses }: Past,
  worth: (terms: Terms) => bigint,
  now: Date,
): MrrPoint[] {
  const { start } = contract.facts;
  const timeline = mrrTimeline(contract, worth);
  const isOver = ({ until }: OpenSpan): boolean => until !== null && until <= now;
  const paused = pauses.filter(isOver);
  const edges = [...spans.map(({ from }) => from), ...paused.flatMap(({ from, until }) => [from, until ?? from])]
    .filter((at) => at > start && at <= now)
    .map((at) => at.getTime());
  const times = new Set([...timeline.filter(({ at }) => at <= now).map(({ at }) => at.getTime()), ...edges]);
  const known = [...times]
    .sort((one, other) => one - other)
    .map((time): MrrPoint => {
      const at = new Date(time);
      // The timeline tells whether it was paid for, by what it held last.
      const told = timeline.findLast((point) => point.at <= at);
      const isPaused = paused.some((span) => covers(span, at));
      const terms = heldAt(spans, at) ?? termsOf(contract.items);
      const amount = told === undefined || told.terms === '' || isPaused ? 0n : worth(terms);
      const reason = told?.at.getTime() === time ? told.reason : reasonOf(paused, at);
      return { at, amount, terms: amount === 0n ? '' : termsName(terms), reason };
    });
  return pointsFrom([...known, ...timeline.filter(({ at }) => at > now)], null, now, '');
}

const covers = ({ from, until }: OpenSpan, at: Date): boolean => from <= at && (until === null || at < until);

function reasonOf(pauses: readonly OpenSpan[], at: Date): string {
  const time = at.getTime();
  if (pauses.some(({ from }) => from.getTime() === time)) return 'subscription.paused';
  return pauses.some(({ until }) => until?.getTime() === time) ? 'subscription.resumed' : 'subscription.updated';
}

function heldAt(spans: readonly ItemSpan[], at: Date): Terms | undefined {
  const plans = spans.filter(({ kind }) => kind === 'plan');
  const first = plans.reduce<ItemSpan | undefined>(
    (earliest, span) => (earliest === undefined || span.from < earliest.from ? span : earliest),
    undefined,
  );
  if (first === undefined) return undefined;
  const instant = at < first.from ? first.from : at;
  const held = spans.filter((span) => covers(span, instant));
  const plan = held.find(({ kind }) => kind === 'plan');
  return plan === undefined ? undefined : termsOf(held.map((span) => ({ ...span, since: span.from })));
}
