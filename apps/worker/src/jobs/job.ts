import type { Config } from '@bastionary/platform/config';
import type { KeyEncryptionKeys } from '@bastionary/platform/seal';
import type { Transaction } from '@bastionary/prisma/client';
import type { Metrics } from '../metrics.js';

/** What the worker was started with. */
interface Means {
  readonly config: Config;
  readonly encryptionKeys: KeyEncryptionKeys;
  readonly metrics: Metrics;
  /** A transaction of its own, for one of many things that have nothing to do with each other. */
  separately<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
}

/**
 * Something that happens because time passed. `run` is one transaction and safe to run twice, or twice at once:
 * a queue promises at least once, never exactly once.
 */
export interface Job {
  readonly name: string;
  /**
   * Returns what was done, for the log; undefined if there was nothing to do. `again: true` says that its time was up before
   * it was through: it runs again at once.
   */
  run(tx: Transaction, now: Date, means: Means): Promise<Record<string, unknown> | undefined>;
}
