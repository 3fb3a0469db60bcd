import { noteValidations, type Seen } from '@bastionary/licensing/actions/validate-license';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { BatchedWrites } from '../../../platform/batched-writes.js';
import {
  CONFIG,
  type Config,
  type Database,
  LOGGER,
  type Logger,
  WHOLE_DATABASE,
} from '../../../platform/providers.js';

const AT_ONCE = 5_000;

/** When licences were validated last; written in batches, so that a validation itself writes nothing. */
@Injectable()
export class SeenLicenses implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly seen = new Map<string, number>();
  private readonly writes: BatchedWrites<readonly Seen[]>;

  constructor(@Inject(CONFIG) config: Config, @Inject(WHOLE_DATABASE) db: Database, @Inject(LOGGER) logger: Logger) {
    this.writes = new BatchedWrites(
      {
        what: 'validations of licences',
        idPrefix: 'lsb',
        take: () => this.take(),
        // The latest counts, so the same batch twice changes nothing.
        write: (_batchId, rows) => noteValidations(db, rows),
      },
      config.USAGE_FLUSH_MS,
      logger,
    );
  }

  add(licenseId: string, now: number): void {
    this.seen.set(licenseId, now);
  }

  onApplicationBootstrap(): void {
    this.writes.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.writes.stop();
  }

  private take(): readonly Seen[] | undefined {
    if (this.seen.size === 0) return undefined;
    const some = [...this.seen].slice(0, AT_ONCE);
    for (const [id] of some) this.seen.delete(id);
    return some.map(([id, at]) => ({ id, at: new Date(at) }));
  }
}
