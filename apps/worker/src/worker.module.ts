import type { Config } from '@bastionary/platform/config';
import type { Logger } from '@bastionary/platform/logger';
import type { Database } from '@bastionary/prisma/client';
import { type DynamicModule, Module } from '@nestjs/common';
import { JobRunner } from './job-runner.js';
import { CONFIG, DATABASE, LOGGER } from './providers.js';

@Module({})
export class WorkerModule {
  static with(resources: { config: Config; logger: Logger; db: Database }): DynamicModule {
    return {
      module: WorkerModule,
      providers: [
        { provide: CONFIG, useValue: resources.config },
        { provide: LOGGER, useValue: resources.logger },
        { provide: DATABASE, useValue: resources.db },
        JobRunner,
      ],
    };
  }
}
