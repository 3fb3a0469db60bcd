import { systemOrigin } from '@bastionary/platform/audit';
import type { Config } from '@bastionary/platform/config';
import type { Database, Transaction } from '@bastionary/prisma/client';
import Stripe from 'stripe';
import type { Surroundings } from '../write-subscription.js';

/** What it takes to talk to Stripe and to write down what came of it. No transaction is open while Stripe is asked. */
export interface StripeDesk {
  readonly api: Stripe;
  readonly db: Database;
  /** Pauses before a declined invoice is collected again. */
  readonly retryHours: readonly number[];
  /** Longest a request may take. */
  readonly timeoutMs: number;
  readonly around: Omit<Surroundings, 'now'>;
  now(): Date;
  transact<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
}

type StripeSettings = Pick<Config, 'STRIPE_SECRET_KEY' | 'STRIPE_API_BASE' | 'STRIPE_TIMEOUT_MS'>;

/**
 * The API of the account that collects our invoices; null without a key. It repeats nothing by itself: what is asked
 * again, and under which idempotency key, is ours to say.
 */
export function openStripe({ STRIPE_SECRET_KEY, STRIPE_API_BASE, STRIPE_TIMEOUT_MS }: StripeSettings): Stripe | null {
  if (STRIPE_SECRET_KEY === undefined) return null;
  const { protocol, hostname, port } = new URL(STRIPE_API_BASE);
  return new Stripe(STRIPE_SECRET_KEY, {
    protocol: protocol === 'http:' ? 'http' : 'https',
    host: hostname,
    ...(port !== '' && { port }),
    timeout: STRIPE_TIMEOUT_MS,
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

/** Who changes what follows from Stripe's word. */
export const STRIPE_ORIGIN = systemOrigin('stripe');

/** The names under which our ids stand in Stripe's metadata. */
export const METADATA = {
  customer: 'bastionary_customer',
  invoice: 'bastionary_invoice',
  attempt: 'bastionary_attempt',
  refund: 'bastionary_refund',
} as const;

/** What came of looking something up: `foreign` is somebody else's on the same account. */
export type SyncOutcome = 'applied' | 'foreign';

/** Somebody else was faster: what was read is no longer true. */
export class Overtaken extends Error {}

/** Does it again when somebody else was faster, each time from what is true then. */
export async function untilFirst<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let turn = 1; ; turn++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Overtaken) || turn === 20) throw error;
    }
  }
}

/** Whether Stripe says that there is no such object, or none any more. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing';
