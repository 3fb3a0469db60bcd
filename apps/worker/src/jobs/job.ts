import type { Config } from '@bastionary/platform/config';
import type { KeyEncryptionKeys } from '@bastionary/platform/seal';
import type { Transaction } from '@bastionary/prisma/client';

/** What the worker was started with. */
interface Means {
  readonly config: Config;
  readonly encryptionKeys: KeyEncryptionKeys;
}

/**
 * Something that happens because time passed. `run` is one transaction and safe to run twice, or twice at once:
 * a queue promises at least once, never exactly once.
 */
export interface Job {
  readonly name: string;
  /** Returns what was done, for the log; undefined if there was nothing to do. */
  run(tx: Transaction, now: Date, means: Means): Promise<Record<string, unknown> | undefined>;
}
