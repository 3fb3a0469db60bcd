/**
 * An attempt to collect an invoice. `planned` and `unknown` are ours: not asked yet, and asked without a known answer. The
 * others are what its payment intent says.
 */
export type AttemptState =
  | 'planned'
  | 'unknown'
  | 'processing'
  | 'requires_action'
  | 'declined'
  | 'refused'
  | 'succeeded'
  | 'canceled';

/** States in which money may still come of it: no other attempt may begin. The migration's unique index says the same. */
export const OPEN_STATES: readonly AttemptState[] = ['planned', 'unknown', 'processing', 'requires_action'];

/** What a payment intent says, in our words. */
export interface IntentFacts {
  readonly status: string;
  /** `last_payment_error` */
  readonly error: { readonly code?: string | undefined; readonly decline_code?: string | undefined } | null;
}

/** The state that follows from a payment intent as it is now. */
export function stateOfIntent({ status, error }: IntentFacts): AttemptState {
  if (status === 'succeeded' || status === 'canceled' || status === 'processing' || status === 'requires_action') {
    return status;
  }
  // Before its first try it has no error: somebody is still at it.
  return error === null ? 'processing' : 'declined';
}

/**
 * Whether an attempt may go from one state to another. Money that came stays, and what has ended never opens again: what
 * is read late of an earlier state takes nothing back. It may still turn out that the money came after all.
 */
export function mayBecome(from: AttemptState, to: AttemptState): boolean {
  if (from === to) return false;
  return OPEN_STATES.includes(from) || (from !== 'succeeded' && to === 'succeeded');
}

/** Answers of a bank after which the same card is not asked again. https://docs.stripe.com/declines/codes */
const FINAL_DECLINES: ReadonlySet<string> = new Set([
  'authentication_required',
  'expired_card',
  'fraudulent',
  'incorrect_number',
  'invalid_account',
  'lost_card',
  'merchant_blacklist',
  'pickup_card',
  'restricted_card',
  'revocation_of_all_authorizations',
  'revocation_of_authorization',
  'stolen_card',
  'stop_payment_order',
]);

/**
 * When a declined invoice may be collected again from the same payment method; null: not by itself.
 * @param tries how often this payment method was tried for the invoice, this one included
 * @param failureCode the bank's reason, else Stripe's
 * @param pausesHours before the second, third … try
 */
export function retryAt(
  tries: number,
  failureCode: string | null,
  pausesHours: readonly number[],
  now: Date,
): Date | null {
  if (failureCode !== null && FINAL_DECLINES.has(failureCode)) return null;
  const pause = pausesHours[tries - 1];
  return pause === undefined ? null : new Date(now.getTime() + pause * 3_600_000);
}

/** Pause before Stripe is asked again when its answer got lost, or it had no time: in ms. */
export const askAgainMs = (tries: number): number => Math.min(1_000 * 2 ** Math.min(tries, 12), 900_000);
