import { addUses, type CountedUse } from '@bastionary/flags/actions/flag-use';
import { writeBatchOnce } from '@bastionary/oauth/actions/written-batches';
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

interface Count {
  count: number;
  lastAt: number;
}

const HOUR_MS = 3_600_000;

/** Counts evaluations in memory, and writes the counts in batches: evaluating itself writes nothing. */
@Injectable()
export class FlagUses implements OnApplicationBootstrap, OnApplicationShutdown {
  /** By environment and client, then by flag and variant. */
  private counts = new Map<string, Map<string, Count>>();
  private readonly writes: BatchedWrites<readonly CountedUse[]>;

  constructor(@Inject(CONFIG) config: Config, @Inject(WHOLE_DATABASE) db: Database, @Inject(LOGGER) logger: Logger) {
    this.writes = new BatchedWrites(
      {
        what: 'evaluations of flags',
        idPrefix: 'fub',
        take: () => this.take(),
        write: (batchId, uses) => writeBatchOnce(db, batchId, (tx) => addUses(tx, uses)),
      },
      config.USAGE_FLUSH_MS,
      logger,
    );
  }

  onApplicationBootstrap(): void {
    this.writes.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.writes.stop();
  }

  /** @param uses flag and variant, as `FlagAnswer.use` */
  add(environment: string, client: string, uses: Iterable<{ readonly use: string }>, now: number): void {
    const hour = now - (now % HOUR_MS);
    const place = `${hour} ${environment} ${client}`;
    let counts = this.counts.get(place);
    if (counts === undefined) {
      counts = new Map();
      this.counts.set(place, counts);
    }
    for (const { use } of uses) {
      const known = counts.get(use);
      if (known === undefined) counts.set(use, { count: 1, lastAt: now });
      else {
        known.count++;
        known.lastAt = now;
      }
    }
  }

  private take(): readonly CountedUse[] | undefined {
    if (this.counts.size === 0) return undefined;
    const { counts } = this;
    this.counts = new Map();
    return [...counts].flatMap(([place, uses]) => {
      const [hour = '', environment = '', client = ''] = place.split(' ');
      return [...uses].map(([use, { count, lastAt }]) => {
        const [flag = '', variant = ''] = use.split(' ');
        return { environment, flag, variant, client, hour: Number(hour), count, lastAt };
      });
    });
  }
}
