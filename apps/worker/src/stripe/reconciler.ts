import { queueNightly } from '@bastionary/billing/actions/stripe/queue-reconciliation';
import { reconcile } from '@bastionary/billing/actions/stripe/reconcile';
import type { StripeDesk } from '@bastionary/billing/actions/stripe/stripe-desk';
import type { Config } from '@bastionary/platform/config';
import type { Logger } from '@bastionary/platform/logger';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, LOGGER } from '../providers.js';
import { Loop } from '../webhooks/loop.js';
import { STRIPE_DESK } from './open-desk.js';

const LOOK_EVERY_MS = 2_000;

/** Holds our books against Stripe's: every night, and when somebody asks for it. */
@Injectable()
export class Reconciler implements OnApplicationBootstrap, OnApplicationShutdown {
  private loop: Loop | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(STRIPE_DESK) private readonly desk: StripeDesk | null,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const { desk } = this;
    if (desk !== null) this.loop = new Loop(() => this.turn(desk), LOOK_EVERY_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop?.stop();
  }

  private async turn(desk: StripeDesk): Promise<boolean> {
    const { STRIPE_RECONCILE_HOUR: hour, STRIPE_RECONCILE_DAYS: days } = this.config;
    try {
      await desk.transact((tx) => queueNightly(tx, hour, days, desk.now()));
      const done = await reconcile(desk);
      if (done !== null)
        this.logger.info({ reconciliation: done.id, ...done.counts }, 'held our books against Stripe’s');
      return done !== null;
    } catch (error) {
      this.logger.warn({ err: error }, 'our books could not be held against Stripe’s');
      return false;
    }
  }
}
