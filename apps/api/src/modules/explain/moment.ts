import type { ExplainStep } from '@bastionary/contracts/explain';
import { toInstant } from '@bastionary/contracts/text';

const TURNED_FOR_DAYS = 30;

/** The instant that is asked about, and how it lies to now. */
export interface Moment {
  readonly now: Date;
  readonly at: Date;
  readonly isPast: boolean;
  /** What turns a no lasts until then: long enough to be looked at again. */
  readonly until: Date;
}

export function momentOf(at: string | undefined, now: Date): Moment {
  const instant = at === undefined ? now : new Date(at);
  const until = new Date(Math.max(now.getTime(), instant.getTime()) + TURNED_FOR_DAYS * 86_400_000);
  return { now, at: instant, isPast: instant < now, until };
}

const PAST =
  'What a customer might do then is kept exactly; of a client, what the audit log tells. Scopes, resources and the terms of subscriptions are told as they are recorded now.';
const FUTURE = 'This is what is arranged as of now; whatever is changed until then can change it.';

/** How far an answer about another time than now can be relied on. */
export function explainMoment({ now, at, isPast }: Moment): ExplainStep[] {
  if (at.getTime() === now.getTime()) return [];
  const fact = `Looked at as of ${toInstant(at)}. ${isPast ? PAST : FUTURE}`;
  return [{ step: 'at', fact, id: null, result: 'informs' }];
}
