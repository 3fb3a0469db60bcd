import { inTransaction } from '@bastionary/platform/changes';
import type { Logger } from '@bastionary/platform/logger';
import type { Database } from '@bastionary/prisma/client';
import { RELAYED_AT_ONCE, relayEvents } from '@bastionary/webhooks/actions/relay-events';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DATABASE, LOGGER } from '../providers.js';
import { Dispatcher } from './dispatcher.js';
import { Loop } from './loop.js';

const LOOK_EVERY_MS = 200;

/** Makes deliveries of what happened, soon after it did. */
@Injectable()
export class EventRelay implements OnApplicationBootstrap, OnApplicationShutdown {
  private loop: Loop | undefined;
  private isFailing = false;

  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly dispatcher: Dispatcher,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = new Loop(() => this.turn(), LOOK_EVERY_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop?.stop();
  }

  private async turn(): Promise<boolean> {
    try {
      const relayed = await inTransaction(this.db, relayEvents);
      this.isFailing = false;
      if (relayed > 0) this.dispatcher.wake();
      return relayed === RELAYED_AT_ONCE;
    } catch (error) {
      if (!this.isFailing) this.logger.warn({ err: error }, 'events are not relayed; trying again');
      this.isFailing = true;
      return false;
    }
  }
}
