import { type Item, itemsAfter, termsOf } from './items.js';
import { applyDue, type ScheduledChange } from './scheduled-change.js';
import { isEntitling, nextStateChange, type SubscriptionFacts, stateAt } from './subscription-state.js';

/** From when until when a subscription gives a customer what an item grants. Half-open. */
export interface GrantSpan extends Omit<Item, 'since'> {
  readonly from: Date;
  readonly until: Date | null;
}

interface OpenSpan {
  readonly from: Date;
  readonly until: Date | null;
}

/**
 * All that a subscription gives from `now` on, as far as is known: its items, and those that scheduled changes will bring,
 * while its state entitles. At every instant from `now` on, what holds is what the terms and the state of that instant say;
 * so it is right without anybody being awake at the time.
 */
export function grantSpans(
  facts: SubscriptionFacts,
  items: readonly Item[],
  changes: readonly ScheduledChange[],
  now: Date,
): GrantSpan[] {
  const entitled = entitledSpans(facts);
  return heldSpans(facts, items, changes).flatMap(({ item, until }) =>
    entitled.flatMap((span) => {
      const both = overlap({ from: item.since, until }, span);
      const { kind, plan, quantity } = item;
      return both !== null && (both.until === null || both.until > now) ? [{ kind, plan, quantity, ...both }] : [];
    }),
  );
}

/** When it entitles, from its start on: neighbouring spans are one. */
function entitledSpans(facts: SubscriptionFacts): OpenSpan[] {
  const spans: OpenSpan[] = [];
  let from = isEntitling(stateAt(facts, facts.start)) ? facts.start : null;
  for (let turn = nextStateChange(facts, facts.start); turn !== null; turn = nextStateChange(facts, turn.at)) {
    if (from !== null && !isEntitling(turn.to)) {
      spans.push({ from, until: turn.at });
      from = null;
    } else if (from === null && isEntitling(turn.to)) {
      from = turn.at;
    }
  }
  return from === null ? spans : [...spans, { from, until: null }];
}

/** Each item and until when it is held: the present ones, and after each change that will take effect those it brings. */
function heldSpans(facts: SubscriptionFacts, items: readonly Item[], changes: readonly ScheduledChange[]) {
  const last = new Date(Math.max(0, ...changes.map(({ at }) => at.getTime())));
  const held: { item: Item; until: Date | null }[] = [];
  let current = [...items];
  for (const { at, after } of applyDue(termsOf(items), changes, facts, last).applied) {
    const next = itemsAfter(current, after, at);
    held.push(...current.filter((item) => !isKept(item, next)).map((item) => ({ item, until: at })));
    current = next;
  }
  return [...held, ...current.map((item) => ({ item, until: null }))];
}

const isKept = (item: Item, among: readonly Item[]): boolean =>
  among.some((one) => one.plan === item.plan && one.quantity === item.quantity && one.since === item.since);

function overlap(one: OpenSpan, other: OpenSpan): OpenSpan | null {
  const from = new Date(Math.max(one.from.getTime(), other.from.getTime()));
  const until = one.until === null || (other.until !== null && other.until < one.until) ? other.until : one.until;
  return until === null || from < until ? { from, until } : null;
}
