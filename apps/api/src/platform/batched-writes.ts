import { newId } from '@bastionary/platform/ids';
import type { Logger } from './providers.js';

/** Something counted in memory, and how it is written. */
export interface Counted<Rows> {
  /** Stands in log lines: `issuance counts` */
  readonly what: string;
  /** Prefix of the ids of its batches */
  readonly idPrefix: string;
  /** What was counted since the last call; forgets it. Undefined if that is nothing. */
  take(): Rows | undefined;
  /** Writes one batch. The same id again must change nothing. */
  write(batchId: string, rows: Rows): Promise<void>;
}

type Outcome = 'written' | 'nothing' | 'failed';

/**
 * Writes what was counted in memory in batches: the hot path itself writes nothing.
 * A batch keeps its id until it is known to be written, so trying again never counts twice.
 */
export class BatchedWrites<Rows> {
  private unwritten: { readonly id: string; readonly rows: Rows } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<Outcome> = Promise.resolve('nothing');

  constructor(
    private readonly counted: Counted<Rows>,
    private readonly everyMs: number,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.flush(), this.everyMs);
  }

  /** What was counted is written before a clean stop; an away database is tried for a few seconds. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    for (let failures = 0; failures < 10; ) {
      const outcome = await this.flush();
      if (outcome === 'nothing') return;
      if (outcome === 'written') continue;
      failures++;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    this.logger.error({ batch: this.unwritten }, `${this.counted.what} could not be written`);
  }

  private flush(): Promise<Outcome> {
    this.flushing = this.flushing.then(() => this.write());
    return this.flushing;
  }

  private async write(): Promise<Outcome> {
    this.unwritten ??= this.take();
    if (this.unwritten === undefined) return 'nothing';
    try {
      await this.counted.write(this.unwritten.id, this.unwritten.rows);
      this.unwritten = undefined;
      return 'written';
    } catch (error) {
      this.logger.warn({ err: error }, `${this.counted.what} not written yet; trying again`);
      return 'failed';
    }
  }

  private take(): { readonly id: string; readonly rows: Rows } | undefined {
    const rows = this.counted.take();
    return rows === undefined ? undefined : { id: newId(this.counted.idPrefix), rows };
  }
}
