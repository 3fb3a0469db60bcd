import { openStripe, type StripeDesk } from '@bastionary/billing/actions/stripe/stripe-desk';
import { AppError } from '@bastionary/platform/app-error';
import { Inject, Injectable } from '@nestjs/common';
import Stripe from 'stripe';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { FOLLOWERS } from '../customers/followers.js';

/** The api's way to Stripe, if there is one. */
@Injectable()
export class Desk {
  private readonly desk: StripeDesk | null;

  constructor(@Inject(CONFIG) config: Config, @Inject(DATABASE) db: Database, writer: Writer) {
    const api = openStripe(config);
    this.desk = api && {
      api,
      db,
      retryHours: config.STRIPE_RETRY_HOURS,
      timeoutMs: config.STRIPE_TIMEOUT_MS,
      around: { followers: FOLLOWERS },
      now: () => new Date(),
      transact: (work) => writer.write(work),
    };
  }

  get isOpen(): boolean {
    return this.desk !== null;
  }

  /** @throws AppError stripe_not_connected */
  get open(): StripeDesk {
    if (this.desk !== null) return this.desk;
    throw new AppError(
      'stripe_not_connected',
      'This installation has no Stripe account. Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET, and start again.',
    );
  }

  /**
   * Runs what asks Stripe.
   * @throws AppError stripe_unavailable with what Stripe said, in place of the SDK's errors
   */
  async ask<Result>(work: (desk: StripeDesk) => Promise<Result>): Promise<Result> {
    try {
      return await work(this.open);
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeError)) throw error;
      throw new AppError('stripe_unavailable', told(error), { cause: error, retryAfterSeconds: 5 });
    }
  }
}

function told({ type, statusCode, message }: Stripe.errors.StripeError): string {
  if (type === 'StripeAuthenticationError') return 'Stripe does not accept STRIPE_SECRET_KEY. Check it at Stripe.';
  if (statusCode === undefined || statusCode >= 500) return 'Stripe does not answer. Send the request again.';
  return `Stripe refused: ${message}`;
}
