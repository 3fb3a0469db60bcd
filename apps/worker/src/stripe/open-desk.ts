import { openStripe, type StripeDesk } from '@bastionary/billing/actions/stripe/stripe-desk';
import { inTransaction } from '@bastionary/platform/changes';
import type { Config } from '@bastionary/platform/config';
import type { Database } from '@bastionary/prisma/client';
import { FOLLOWERS } from '../followers.js';

/** The worker's way to Stripe; null where no account is connected. */
export const STRIPE_DESK = Symbol('stripe desk');

export function openDesk(config: Config, db: Database): StripeDesk | null {
  const api = openStripe(config);
  return (
    api && {
      api,
      db,
      retryHours: config.STRIPE_RETRY_HOURS,
      timeoutMs: config.STRIPE_TIMEOUT_MS,
      around: { followers: FOLLOWERS },
      now: () => new Date(),
      transact: (work) => inTransaction(db, work),
    }
  );
}
