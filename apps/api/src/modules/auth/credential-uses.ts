import { recordCredentialUses, type CredentialUses as Uses } from '@bastionary/oauth/actions/credential-uses';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { BatchedWrites } from '../../platform/batched-writes.js';
import { CONFIG, type Config, type Database, LOGGER, type Logger, WHOLE_DATABASE } from '../../platform/providers.js';

const HOUR_MS = 3_600_000;

interface Count {
  readonly credentialId: string;
  readonly hour: number;
  uses: number;
  lastAt: number;
  address: string;
}

/** Counts in memory which credential was used when and from where; written in batches. */
@Injectable()
export class CredentialUses implements OnApplicationBootstrap, OnApplicationShutdown {
  private counts = new Map<string, Count>();
  /** Counts of hours that are over, until they are written. */
  private over: Count[] = [];
  private readonly writes: BatchedWrites<readonly Uses[]>;

  constructor(@Inject(CONFIG) config: Config, @Inject(WHOLE_DATABASE) db: Database, @Inject(LOGGER) logger: Logger) {
    this.writes = new BatchedWrites(
      {
        what: 'uses of credentials',
        idPrefix: 'cub',
        take: () => this.take(),
        write: (batchId, rows) => recordCredentialUses(db, batchId, rows),
      },
      config.USAGE_FLUSH_MS,
      logger,
    );
  }

  /** On the way of every token: one look-up and three stores. @param now milliseconds since the epoch */
  add(credentialId: string, address: string, now: number): void {
    const hour = now - (now % HOUR_MS);
    const count = this.counts.get(credentialId);
    if (count?.hour === hour) {
      count.uses++;
      count.lastAt = now;
      count.address = address;
      return;
    }
    if (count !== undefined) this.over.push(count);
    this.counts.set(credentialId, { credentialId, hour, uses: 1, lastAt: now, address });
  }

  onApplicationBootstrap(): void {
    this.writes.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.writes.stop();
  }

  private take(): readonly Uses[] | undefined {
    if (this.counts.size === 0) return undefined;
    const counts = [...this.over, ...this.counts.values()];
    this.over = [];
    this.counts = new Map();
    return counts.map(({ credentialId, hour, uses, lastAt, address }) => ({
      credentialId,
      hour: new Date(hour),
      uses,
      lastAt: new Date(lastAt),
      address,
    }));
  }
}
