import { dueEvents, handleEvent } from '@bastionary/billing/actions/stripe/handle-event';
import { dueAttempts, makeAttempt } from '@bastionary/billing/actions/stripe/make-attempt';
import { makeRefund, pendingRefunds } from '@bastionary/billing/actions/stripe/make-refund';
import { planAttempts } from '@bastionary/billing/actions/stripe/plan-attempts';
import type { StripeDesk } from '@bastionary/billing/actions/stripe/stripe-desk';
import { sweepCheckouts } from '@bastionary/billing/actions/stripe/sweep-checkouts';
import { askAgainMs } from '@bastionary/billing/rules/stripe/attempt-state';
import type { Logger } from '@bastionary/platform/logger';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { LOGGER } from '../providers.js';
import { Loop } from '../webhooks/loop.js';
import { STRIPE_DESK } from './open-desk.js';

const LOOK_EVERY_MS = 1_000;
const AT_ONCE = 100;
/** Requests to Stripe under way: a quarter of what an account may send in a second. */
const SIDE_BY_SIDE = 6;

/**
 * Collects finalized invoices through Stripe, and handles the events that the api could not. Beside the clock, since no
 * transaction may stay open while Stripe is asked; any number of workers may do it.
 */
@Injectable()
export class Collector implements OnApplicationBootstrap, OnApplicationShutdown {
  private loop: Loop | undefined;
  private isDraining = false;
  /** When a refund that waits for Stripe is looked at again, by id. */
  private readonly waiting = new Map<string, { readonly looks: number; readonly next: number }>();
  private isFailing = false;

  constructor(
    @Inject(STRIPE_DESK) private readonly desk: StripeDesk | null,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const { desk } = this;
    if (desk !== null) this.loop = new Loop(() => this.turn(desk), LOOK_EVERY_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    this.isDraining = true;
    await this.loop?.stop();
  }

  private async turn(desk: StripeDesk): Promise<boolean> {
    const failures: unknown[] = [];
    let done = 0;
    const each = async (ids: readonly string[], act: (id: string) => Promise<void>) => {
      const waiting = [...ids];
      const take = async () => {
        for (let id = waiting.shift(); id !== undefined && !this.isDraining; id = waiting.shift()) {
          await act(id).then(
            () => done++,
            (error) => failures.push(error),
          );
        }
      };
      await Promise.all(Array.from({ length: SIDE_BY_SIDE }, take));
    };
    try {
      await each(await dueEvents(desk, AT_ONCE), (id) => handleEvent(desk, id));
      await desk.transact((tx) => planAttempts(tx, desk.now(), AT_ONCE));
      await each(await dueAttempts(desk, AT_ONCE), (id) => makeAttempt(desk, id));
      await each(await this.refundsToMake(desk), (id) => makeRefund(desk, id));
      await sweepCheckouts(desk, AT_ONCE);
    } catch (error) {
      failures.push(error);
    }
    this.tell(failures);
    return done >= AT_ONCE && failures.length === 0;
  }

  /** A bank may take days to say what became of a refund: it is asked ever more rarely. */
  private async refundsToMake(desk: StripeDesk): Promise<string[]> {
    const pending = await pendingRefunds(desk, 10 * AT_ONCE);
    const before = new Map(this.waiting);
    this.waiting.clear();
    const now = desk.now().getTime();
    return pending.filter((id) => {
      const { looks, next } = before.get(id) ?? { looks: 0, next: now };
      const isDue = next <= now;
      this.waiting.set(id, isDue ? { looks: looks + 1, next: now + askAgainMs(looks) } : { looks, next });
      return isDue;
    });
  }

  // Once per failure of the whole: while Stripe is away, every turn fails.
  private tell(failures: readonly unknown[]): void {
    const [first] = failures;
    if (first !== undefined && !this.isFailing)
      this.logger.warn({ err: first, failures: failures.length }, 'collecting through Stripe fails; trying again');
    this.isFailing = first !== undefined;
  }
}
