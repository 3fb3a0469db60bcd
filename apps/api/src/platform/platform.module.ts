import { behindWall } from '@bastionary/prisma/behind-wall';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ChangeFeed } from './change-feed.js';
import { CustomerCalls } from './customer-calls.js';
import { FailureLog } from './failure-log.js';
import { HealthController } from './health.controller.js';
import { Limits } from './limits/limits.js';
import { RequestLimits } from './limits/request-limits.js';
import { TokenQuotas } from './limits/token-quotas.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.js';
import { CONFIG, DATABASE, ENCRYPTION_KEYS, LOGGER, POOL, type Resources, WHOLE_DATABASE } from './providers.js';
import { customerNow } from './request-customer.js';
import { RequestNotes } from './request-notes.js';
import { Writer } from './writer.js';

@Global()
@Module({})
export class PlatformModule {
  static with({ config, logger, connection, encryptionKeys }: Resources): DynamicModule {
    return {
      module: PlatformModule,
      controllers: [HealthController, MetricsController],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useValue: logger },
        { provide: DATABASE, useValue: behindWall(connection.db, customerNow) },
        { provide: WHOLE_DATABASE, useValue: connection.db },
        { provide: POOL, useValue: connection.pool },
        { provide: ENCRYPTION_KEYS, useValue: encryptionKeys },
        ChangeFeed,
        CustomerCalls,
        FailureLog,
        Limits,
        Metrics,
        RequestLimits,
        TokenQuotas,
        RequestNotes,
        Writer,
      ],
      exports: [
        CONFIG,
        LOGGER,
        DATABASE,
        WHOLE_DATABASE,
        POOL,
        ENCRYPTION_KEYS,
        ChangeFeed,
        CustomerCalls,
        FailureLog,
        Limits,
        Metrics,
        RequestLimits,
        TokenQuotas,
        RequestNotes,
        Writer,
      ],
    };
  }
}
