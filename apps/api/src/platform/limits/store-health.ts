import { performance } from 'node:perf_hooks';
import type { Metrics } from '../metrics.js';
import type { Logger } from '../providers.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Whether the shared store answers. One that does not, in time, is left alone for a moment, then asked again: meanwhile
 * every process limits on its own. Going and coming back are told once each.
 */
export class StoreHealth {
  private awayUntil = 0;
  private pauseMs = FIRST_PAUSE_MS;
  private isTold = false;

  constructor(
    private readonly timeoutMs: number,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
  ) {
    metrics.limitsStoreAvailable.set(1);
  }

  get isAway(): boolean {
    return this.awayUntil !== 0 && performance.now() < this.awayUntil;
  }

  /** What the store answers, or undefined if it is away. Never throws, never takes longer than the timeout. */
  async ask<Answer>(work: () => Promise<Answer>): Promise<Answer | undefined> {
    if (this.isAway) return undefined;
    try {
      const answer = await this.inTime(work());
      if (this.isTold) {
        this.logger.info('the shared store of the limits is back');
        this.metrics.limitsStoreAvailable.set(1);
      }
      this.isTold = false;
      this.awayUntil = 0;
      this.pauseMs = FIRST_PAUSE_MS;
      return answer;
    } catch (error) {
      this.noteFailure(error);
      return undefined;
    }
  }

  private noteFailure(error: unknown): void {
    // Questions asked at the same time fail together: one pause for all of them.
    if (this.isAway) return;
    this.awayUntil = performance.now() + this.pauseMs;
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
    if (this.isTold) return;
    this.isTold = true;
    this.metrics.limitsStoreAvailable.set(0);
    this.logger.warn({ err: error }, 'the shared store of the limits is away; this process limits on its own');
  }

  private async inTime<Answer>(work: Promise<Answer>): Promise<Answer> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    // After a pause of this process the answer may be waiting to be read: timers run before it, setImmediate after it.
    const timer = setTimeout(() => setImmediate(() => reject(new Error('no answer in time'))), this.timeoutMs);
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
