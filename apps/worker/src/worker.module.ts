import type { Config } from '@bastionary/platform/config';
import type { Logger } from '@bastionary/platform/logger';
import type { KeyEncryptionKeys } from '@bastionary/platform/seal';
import type { Database } from '@bastionary/prisma/client';
import { type DynamicModule, Module } from '@nestjs/common';
import { JobRunner } from './job-runner.js';
import { Metrics } from './metrics.js';
import { CONFIG, DATABASE, ENCRYPTION_KEYS, LOGGER } from './providers.js';
import { Collector } from './stripe/collector.js';
import { openDesk, STRIPE_DESK } from './stripe/open-desk.js';
import { Reconciler } from './stripe/reconciler.js';
import { Dispatcher } from './webhooks/dispatcher.js';
import { EventRelay } from './webhooks/event-relay.js';

@Module({})
export class WorkerModule {
  static with(resources: {
    config: Config;
    logger: Logger;
    db: Database;
    encryptionKeys: KeyEncryptionKeys;
  }): DynamicModule {
    return {
      module: WorkerModule,
      providers: [
        { provide: CONFIG, useValue: resources.config },
        { provide: LOGGER, useValue: resources.logger },
        { provide: DATABASE, useValue: resources.db },
        { provide: ENCRYPTION_KEYS, useValue: resources.encryptionKeys },
        Metrics,
        JobRunner,
        Dispatcher,
        EventRelay,
        { provide: STRIPE_DESK, useValue: openDesk(resources.config, resources.db) },
        Collector,
        Reconciler,
      ],
    };
  }
}
