import { addressKey } from '@bastionary/oauth/rules/address-range';
import type { RateLimit } from '@bastionary/oauth/rules/token-bucket';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type LimitKind, Metrics } from '../metrics.js';
import { CONFIG, type Config, LOGGER, type Logger } from '../providers.js';
import { BucketLimiter, type Verdict } from './bucket-limiter.js';
import type { OpenedStore } from './bucket-store.js';
import { openSharedStore } from './shared-store.js';
import { StoreHealth } from './store-health.js';
import { WindowCounts } from './window-counts.js';

/** What a token bucket belongs to. */
export type RateKind = Extract<LimitKind, `${string}_rate`>;

const TOLD_AGAIN_MS = 10_000;

/** Buckets and counts: of this process, or of all of them together where they share a store. */
@Injectable()
export class Limits implements OnApplicationShutdown {
  readonly counts: WindowCounts;
  private readonly buckets: BucketLimiter;
  private readonly store: OpenedStore | undefined;
  private readonly addressKeys: LRUCache<string, string>;
  private readonly told = new LRUCache<string, true>({ max: 1_000, ttl: TOLD_AGAIN_MS });

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly metrics: Metrics,
  ) {
    const { LIMITS_KEYS: keys } = config;
    const health = new StoreHealth(config.LIMITS_TIMEOUT_MS, logger, metrics);
    this.store = openSharedStore(config);
    this.counts = new WindowCounts(keys, this.store?.counts, health);
    // Eight kinds of buckets, each for as many clients or addresses.
    this.buckets = new BucketLimiter(8 * keys, this.store?.buckets, health);
    this.addressKeys = new LRUCache({ max: keys });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store?.close();
  }

  /** Takes one request from the bucket of a client or caller. No promise unless other processes must be asked. */
  take(kind: RateKind, subject: string, limit: RateLimit): Verdict | Promise<Verdict> {
    return this.buckets.take(`${kind}:${subject}`, limit);
  }

  /** What an address is counted under: rules/address-range, remembered. */
  keyOf(address: string): string {
    let key = this.addressKeys.get(address);
    if (key === undefined) {
      key = addressKey(address);
      // A header may hold any text: only what can be an address is kept.
      if (address.length <= 64) this.addressKeys.set(address, key);
    }
    return key;
  }

  /**
   * Counts a refusal, and tells of it in the log: of each subject once in a while.
   * @returns whether it was told lately
   */
  noteRefusal(kind: LimitKind, subject: string): boolean {
    this.metrics.limitedRequests.inc({ kind });
    const name = `${kind}:${subject}`;
    if (this.told.has(name)) return true;
    this.told.set(name, true);
    this.logger.warn({ limit: kind, subject }, 'limited; further refusals of this kind are only counted for a while');
    return false;
  }
}
