import { askingPool, recordEvents } from '@bastionary/billing/actions/metering/record-events';
import { platformEvent } from '@bastionary/billing/rules/metering/platform-usage';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { BatchedWrites } from '../../platform/batched-writes.js';
import { type CustomerCall, CustomerCalls } from '../../platform/customer-calls.js';
import { CONFIG, type Config, LOGGER, type Logger, POOL, type Pool } from '../../platform/providers.js';

/** Makes usage events of the management requests of customers' clients. A batch written twice counts once. */
@Injectable()
export class CallMetering implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly writes: BatchedWrites<readonly CustomerCall[]>;

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(POOL) pool: Pool,
    @Inject(LOGGER) logger: Logger,
    calls: CustomerCalls,
  ) {
    const counted = {
      what: 'counts of API calls',
      idPrefix: 'cbt',
      take: () => calls.take(),
      async write(batch: string, taken: readonly CustomerCall[]) {
        const events = taken.map((call) => platformEvent({ type: 'bastionary.api.call', ...call, batch }));
        await recordEvents(askingPool(pool), events);
      },
    };
    this.writes = new BatchedWrites(counted, config.USAGE_FLUSH_MS, logger);
  }

  onApplicationBootstrap(): void {
    this.writes.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.writes.stop();
  }
}
