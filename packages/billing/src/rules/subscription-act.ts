import { endOf, type Standing, type SubscriptionFacts, standingAt, stateAt } from './subscription-state.js';

/** What can be done to a subscription. `at`: when it takes effect, which is now or later. */
export type Act =
  /** `migrate`: to another version of the same plan. */
  | { readonly kind: 'upgrade' | 'downgrade' | 'migrate'; readonly at: Date }
  | { readonly kind: 'cancel'; readonly at: Date }
  | { readonly kind: 'uncancel' }
  /** `until` null: until it is resumed. */
  | { readonly kind: 'pause'; readonly at: Date; readonly until: Date | null }
  | { readonly kind: 'resume'; readonly at: Date }
  /** It works on for the grace, counted from the first failure. */
  | { readonly kind: 'payment_failed'; readonly graceSeconds: number }
  /** `refunded`: all that was paid for its period went back; `repaid`: it was paid again. */
  | { readonly kind: 'suspend' | 'reinstate' | 'payment_received' | 'refunded' | 'repaid' };

export type ActRefusalCode =
  | 'in_the_past'
  | 'subscription_canceled'
  | 'ends_before'
  | 'not_started'
  | 'trialing'
  | 'payment_due'
  | 'suspended'
  | 'paused'
  | 'empty_pause';

/** `allowed`: these are the facts from now on. `unchanged`: it is so already, as when a request is sent again. */
export type ActOutcome =
  | { readonly outcome: 'allowed'; readonly facts: SubscriptionFacts }
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'refused'; readonly code: ActRefusalCode; readonly reason: string };

const UNCHANGED: ActOutcome = { outcome: 'unchanged' };

/** Whether an act may be done now, and what is so afterwards. */
export function decideAct(facts: SubscriptionFacts, act: Act, now: Date): ActOutcome {
  const isCanceled = stateAt(facts, now) === 'canceled';
  // What is over can be ended again; and money that comes or does not come later changes nothing about it.
  if (isCanceled && ['cancel', 'payment_failed', 'payment_received', 'refunded', 'repaid'].includes(act.kind))
    return UNCHANGED;
  if (isCanceled)
    return refused('subscription_canceled', 'It was canceled, which is final: create a new subscription.');
  if ('at' in act && act.at < now)
    return refused('in_the_past', 'It cannot take effect in the past: name a later time.');
  switch (act.kind) {
    case 'upgrade':
    case 'downgrade':
    case 'migrate':
      return decidePlanChange(facts, act);
    case 'cancel':
      return decideCancel(facts, act.at, now);
    case 'uncancel':
      return facts.cancelAt === null ? UNCHANGED : allowed(facts, { cancelAt: null });
    case 'pause':
      return decidePause(facts, act, now);
    case 'resume':
      return decideResume(facts, act.at, now);
    case 'suspend':
      return facts.suspendedAt === null ? allowed(facts, { suspendedAt: now }) : UNCHANGED;
    case 'reinstate':
      return decideReinstate(facts, now);
    case 'payment_failed':
      // A second failure does not begin the grace anew.
      return facts.pastDueSince === null
        ? allowed(facts, { pastDueSince: now, graceSeconds: act.graceSeconds })
        : UNCHANGED;
    case 'payment_received':
      return facts.pastDueSince === null ? UNCHANGED : allowed(facts, { pastDueSince: null });
    case 'refunded':
      return facts.refundedAt === null ? allowed(facts, { refundedAt: now }) : UNCHANGED;
    case 'repaid':
      return facts.refundedAt === null ? UNCHANGED : allowed(facts, { refundedAt: null });
  }
}

const allowed = (facts: SubscriptionFacts, change: Partial<SubscriptionFacts>): ActOutcome => ({
  outcome: 'allowed',
  facts: { ...facts, ...change },
});

const refused = (code: ActRefusalCode, reason: string): ActOutcome => ({ outcome: 'refused', code, reason });

const PAYMENT_DUE = refused('payment_due', 'A payment is due: it must be received first.');

const endsBefore = (facts: SubscriptionFacts): ActOutcome =>
  refused('ends_before', `It ends at ${endOf(facts)?.toISOString()}, before that: take back the end first.`);

/** Why nothing can be sold or stopped in this state; undefined if it can. */
function obstacle({ state, because }: Standing): ActOutcome | undefined {
  if (because === 'grace_over' || state === 'past_due') return PAYMENT_DUE;
  if (state === 'suspended') return refused('suspended', 'It is suspended: reinstate it first.');
  return undefined;
}

function decidePlanChange(facts: SubscriptionFacts, { kind, at }: { kind: string; at: Date }): ActOutcome {
  const standing = standingAt(facts, at);
  if (standing.state === 'canceled') return endsBefore(facts);
  // Who owes may owe less, and a version is retired for all who are on it.
  const isHarmless = kind === 'migrate' || (kind === 'downgrade' && standing.state === 'past_due');
  if (isHarmless) return allowed(facts, {});
  if (standing.state === 'paused') return refused('paused', 'It is paused by then: resume it first.');
  return obstacle(standing) ?? allowed(facts, {});
}

function decideCancel(facts: SubscriptionFacts, at: Date, now: Date): ActOutcome {
  if (at.getTime() === now.getTime()) return allowed(facts, { canceledAt: now, cancelAt: null });
  return facts.cancelAt?.getTime() === at.getTime() ? UNCHANGED : allowed(facts, { cancelAt: at });
}

function decidePause(facts: SubscriptionFacts, { at, until }: { at: Date; until: Date | null }, now: Date): ActOutcome {
  if (until !== null && until <= at) return refused('empty_pause', 'A pause must end after it begins.');
  const { pausedFrom, pausedUntil } = facts;
  const isUnderWay = pausedFrom !== null && pausedFrom <= now && (pausedUntil === null || now < pausedUntil);
  if (isUnderWay && pausedUntil !== null && at >= pausedUntil) {
    return refused('paused', `It is paused until ${pausedUntil.toISOString()}: resume it, or pause it for longer.`);
  }
  // A pause that has not begun gives way to the new one; one that has goes on.
  const standing = standingAt(isUnderWay ? facts : { ...facts, pausedFrom: null, pausedUntil: null }, at);
  if (standing.state === 'canceled') return endsBefore(facts);
  if (standing.state === 'scheduled') return refused('not_started', 'It has not started by then: pause it later.');
  if (standing.state === 'trialing')
    return refused('trialing', 'A trial cannot be paused: pause from its end, or cancel.');
  const hindrance = obstacle(standing);
  if (hindrance) return hindrance;
  const from = isUnderWay ? pausedFrom : at;
  const isSame = from.getTime() === pausedFrom?.getTime() && until?.getTime() === pausedUntil?.getTime();
  return isSame ? UNCHANGED : allowed(facts, { pausedFrom: from, pausedUntil: until });
}

function decideResume(facts: SubscriptionFacts, at: Date, now: Date): ActOutcome {
  const { pausedFrom, pausedUntil } = facts;
  if (pausedFrom === null || (pausedUntil !== null && pausedUntil <= now)) return UNCHANGED;
  if (pausedUntil?.getTime() === at.getTime()) return UNCHANGED;
  if (stateAt(facts, at) === 'canceled') return endsBefore(facts);
  return at <= pausedFrom
    ? allowed(facts, { pausedFrom: null, pausedUntil: null })
    : allowed(facts, { pausedUntil: at });
}

function decideReinstate(facts: SubscriptionFacts, now: Date): ActOutcome {
  const works = { suspendedAt: null, refundedAt: null };
  const isInDebt = standingAt({ ...facts, ...works }, now).because === 'grace_over';
  if (isInDebt) return PAYMENT_DUE;
  return facts.suspendedAt === null && facts.refundedAt === null ? UNCHANGED : allowed(facts, works);
}
