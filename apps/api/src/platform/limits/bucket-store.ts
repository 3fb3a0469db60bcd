import type { RateLimit } from '@bastionary/oauth/rules/token-bucket';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';

/** What one process asks of the bucket that all share. */
export interface LeaseRequest {
  readonly key: string;
  readonly limit: RateLimit;
  /** Requests allowed on credit: charged in any case. */
  readonly debt: number;
  /** Requests the process would like to allow next. */
  readonly want: number;
}

export interface Lease {
  readonly granted: number;
  /** Requests left for all; negative if there was more credit than room. */
  readonly room: number;
  /** Milliseconds until there is room for one more. */
  readonly retryAfterMs: number;
}

export interface BucketStore {
  lease(request: LeaseRequest): Promise<Lease>;
}

export interface OpenedStore {
  readonly buckets: BucketStore;
  /** Counts in windows, for quotas and guesses. */
  readonly counts: RateLimiterAbstract;
  close(): Promise<void>;
}
