/** What the SDK threw, as far as it decides something. */
export interface CallError {
  readonly type?: string | undefined;
  readonly statusCode?: number | undefined;
  readonly code?: string | undefined;
}

/**
 * What a failed call means for what was asked.
 * - `unknown`: it may have been done. Ask again, under the same idempotency key.
 * - `not_done`: it was not done, and may well be the next time: under the same key.
 * - `declined`: done and answered: the card did not pay.
 * - `refused`: Stripe does not take the request; the same again would be refused again.
 */
export type CallOutcome = 'unknown' | 'not_done' | 'declined' | 'refused';

/** Source: https://docs.stripe.com/error-low-level, https://docs.stripe.com/api/idempotent_requests */
export function callOutcome({ type, statusCode, code }: CallError): CallOutcome {
  if (statusCode === undefined || type === 'StripeConnectionError') return 'unknown';
  // The first request under this key is under way, or came with other parameters: its answer is what counts.
  if (statusCode === 409 || type === 'StripeIdempotencyError') return 'unknown';
  if (statusCode >= 500) return 'unknown';
  if (statusCode === 402) return 'declined';
  // Too many requests, or a key that is wrong: nothing was begun, and an operator can mend it.
  if (statusCode === 429 || statusCode === 401 || statusCode === 403) return 'not_done';
  if (code === 'lock_timeout' || code === 'rate_limit') return 'not_done';
  return 'refused';
}
