export type SubscriptionState = 'scheduled' | 'trialing' | 'active' | 'past_due' | 'paused' | 'suspended' | 'canceled';

/** What is known of a subscription. Its state follows from these and an instant, whether or not a worker has run. */
export interface SubscriptionFacts {
  readonly start: Date;
  readonly trialEnd: Date | null;
  /** It ends by itself then. */
  readonly cancelAt: Date | null;
  /** It was ended then, before any `cancelAt`. */
  readonly canceledAt: Date | null;
  readonly pausedFrom: Date | null;
  /** Exclusive; null: until it is resumed. */
  readonly pausedUntil: Date | null;
  readonly pastDueSince: Date | null;
  /** How long it works on while past due. */
  readonly graceSeconds: number;
  /** An operator suspended it then. */
  readonly suspendedAt: Date | null;
  /** All that was paid for its period went back then: it is suspended until that is paid again. */
  readonly refundedAt: Date | null;
}

/** A state, and the fact that decides it. */
export interface Standing {
  readonly state: SubscriptionState;
  readonly because:
    | 'start'
    | 'trial_end'
    | 'canceled'
    | 'paused'
    | 'past_due'
    | 'grace_over'
    | 'suspended'
    | 'refunded';
  /** The instant of that fact. */
  readonly since: Date;
}

/** From one state to the next, by itself. */
export interface StateChange {
  readonly at: Date;
  readonly from: SubscriptionState;
  readonly to: SubscriptionState;
}

/** In these the customer has what the plan grants. */
export const isEntitling = (state: SubscriptionState): boolean =>
  state === 'trialing' || state === 'active' || state === 'past_due';

/**
 * What a subscription is at an instant, and why. The first that holds: canceled, not yet started, suspended by an
 * operator, suspended because its money went back, suspended for debt, paused, past due, trialing, active. A pause therefore hides no debt.
 */
export function standingAt(facts: SubscriptionFacts, at: Date): Standing {
  const isPast = (instant: Date | null): instant is Date => instant !== null && instant <= at;
  const end = endOf(facts);
  const graceEnd = graceEndOf(facts);
  if (isPast(end)) return { state: 'canceled', because: 'canceled', since: end };
  if (!isPast(facts.start)) return { state: 'scheduled', because: 'start', since: facts.start };
  if (isPast(facts.suspendedAt)) return { state: 'suspended', because: 'suspended', since: facts.suspendedAt };
  if (isPast(facts.refundedAt)) return { state: 'suspended', because: 'refunded', since: facts.refundedAt };
  if (isPast(graceEnd)) return { state: 'suspended', because: 'grace_over', since: graceEnd };
  if (isPast(facts.pausedFrom) && !isPast(facts.pausedUntil)) {
    return { state: 'paused', because: 'paused', since: facts.pausedFrom };
  }
  if (isPast(facts.pastDueSince)) return { state: 'past_due', because: 'past_due', since: facts.pastDueSince };
  if (facts.trialEnd === null) return { state: 'active', because: 'start', since: facts.start };
  return isPast(facts.trialEnd)
    ? { state: 'active', because: 'trial_end', since: facts.trialEnd }
    : { state: 'trialing', because: 'start', since: facts.start };
}

/** What a subscription is at an instant. */
export const stateAt = (facts: SubscriptionFacts, at: Date): SubscriptionState => standingAt(facts, at).state;

/** When it ends or ended, as far as is known. */
export function endOf({ cancelAt, canceledAt }: Pick<SubscriptionFacts, 'cancelAt' | 'canceledAt'>): Date | null {
  if (cancelAt === null || canceledAt === null) return canceledAt ?? cancelAt;
  return cancelAt < canceledAt ? cancelAt : canceledAt;
}

/** The next change of state after `at` that needs nobody's act; null if there is none. */
export function nextStateChange(facts: SubscriptionFacts, at: Date): StateChange | null {
  const from = stateAt(facts, at);
  const later = turningPoints(facts)
    .filter((instant) => instant > at)
    .sort((a, b) => a.getTime() - b.getTime());
  const turn = later.find((instant) => stateAt(facts, instant) !== from);
  return turn === undefined ? null : { at: turn, from, to: stateAt(facts, turn) };
}

/** Every change of state after `after`, up to and including `now`, in order: what a worker that was away has missed. */
export function stateChangesBetween(facts: SubscriptionFacts, after: Date, now: Date): StateChange[] {
  const change = nextStateChange(facts, after);
  return change === null || change.at > now ? [] : [change, ...stateChangesBetween(facts, change.at, now)];
}

const turningPoints = (facts: SubscriptionFacts): Date[] =>
  [
    facts.start,
    facts.trialEnd,
    facts.cancelAt,
    facts.canceledAt,
    facts.pausedFrom,
    facts.pausedUntil,
    facts.pastDueSince,
    graceEndOf(facts),
    facts.suspendedAt,
    facts.refundedAt,
  ].filter((instant) => instant !== null);

/** Until when it works on although a payment is due; null if none is. */
export const graceEndOf = ({ pastDueSince, graceSeconds }: SubscriptionFacts): Date | null =>
  pastDueSince && new Date(pastDueSince.getTime() + graceSeconds * 1_000);
