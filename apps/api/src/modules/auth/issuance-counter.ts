import { type IssuanceCount, recordIssuance } from '@bastionary/oauth/actions/issuance';
import { newId } from '@bastionary/platform/ids';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Metrics } from '../../platform/metrics.js';
import { CONFIG, type Config, DATABASE, type Database, LOGGER, type Logger } from '../../platform/providers.js';

const HOUR_MS = 3_600_000;

interface Count {
  clientId: string;
  hour: number;
  issued: number;
  lastAt: number;
}

interface Batch {
  readonly id: string;
  readonly counts: readonly IssuanceCount[];
}

/**
 * Counts issued tokens in memory and writes the counts in batches: issuing itself writes nothing.
 * A batch keeps its id until it is known to be written, so trying again never counts twice.
 */
@Injectable()
export class IssuanceCounter implements OnApplicationBootstrap, OnApplicationShutdown {
  private counts = new Map<string, Count>();
  private unwritten: Batch | undefined;
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> = Promise.resolve();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly metrics: Metrics,
  ) {}

  add(clientId: string, now: number): void {
    this.metrics.tokensIssued.inc();
    const hour = now - (now % HOUR_MS);
    const count = this.counts.get(clientId);
    if (count?.hour === hour) {
      count.issued++;
      count.lastAt = now;
      return;
    }
    // The hour has turned: the old count waits under its own name.
    if (count !== undefined) this.counts.set(`${clientId} ${count.hour}`, count);
    this.counts.set(clientId, { clientId, hour, issued: 1, lastAt: now });
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.flush(), this.config.USAGE_FLUSH_MS);
  }

  /** What was counted is written before a clean stop; an away database is tried for a few seconds. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    for (let attempt = 0; attempt < 10; attempt++) {
      await this.flush();
      if (this.unwritten === undefined && this.counts.size === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    this.logger.error({ batch: this.unwritten }, 'issuance counts could not be written');
  }

  private flush(): Promise<void> {
    this.flushing = this.flushing.then(() => this.write());
    return this.flushing;
  }

  private async write(): Promise<void> {
    this.unwritten ??= this.take();
    if (this.unwritten === undefined) return;
    try {
      await recordIssuance(this.db, this.unwritten.id, this.unwritten.counts);
      this.unwritten = undefined;
    } catch (error) {
      this.logger.warn({ err: error }, 'issuance counts not written yet; trying again');
    }
  }

  private take(): Batch | undefined {
    if (this.counts.size === 0) return undefined;
    const counts = [...this.counts.values()].map(({ clientId, hour, issued, lastAt }) => ({
      clientId,
      hour: new Date(hour),
      issued,
      lastAt: new Date(lastAt),
    }));
    this.counts = new Map();
    return { id: newId('ibt'), counts };
  }
}
