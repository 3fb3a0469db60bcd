import type { EventType } from '@bastionary/contracts/events';
import type { StateChange } from './subscription-state.js';

export type SubscriptionEventType = Extract<EventType, `subscription.${string}`>;

/** Something that happened to a subscription, as audit records and events tell it. */
export interface SubscriptionEvent {
  readonly type: SubscriptionEventType;
  readonly detail: Record<string, unknown>;
}

/** What a turn of state is called: by the state it leads to if that needs attention, else by what has ended. */
export function turnType({ from, to }: Pick<StateChange, 'from' | 'to'>): SubscriptionEventType {
  if (to === 'canceled' || to === 'paused' || to === 'suspended' || to === 'past_due') return `subscription.${to}`;
  switch (from) {
    case 'scheduled':
      return 'subscription.started';
    case 'trialing':
      return 'subscription.trial_ended';
    case 'paused':
      return 'subscription.resumed';
    default:
      return 'subscription.reinstated';
  }
}
