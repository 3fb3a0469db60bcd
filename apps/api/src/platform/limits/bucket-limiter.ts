import { performance } from 'node:perf_hooks';
import { charge, intervalOf, type RateLimit, take } from '@bastionary/oauth/rules/token-bucket';
import { LRUCache } from 'lru-cache';
import type { BucketStore, Lease } from './bucket-store.js';
import type { StoreHealth } from './store-health.js';

export interface Verdict {
  readonly allowed: boolean;
  /** Requests left at once. */
  readonly remaining: number;
  readonly retryAfterMs: number;
  /** Until the bucket is full again. */
  readonly resetMs: number;
}

interface Bucket {
  readonly key: string;
  readonly limit: RateLimit;
  /** The bucket as this process knows it: alone the truth, otherwise what the store said last and what followed here. */
  fullAt: number;
  /** Requests leased from the shared bucket; below zero: allowed on credit and not charged yet. */
  lease: number;
  /** Whether the store had nothing to give when it was last asked, and until when it is not asked again. */
  isEmpty: boolean;
  deniedUntil: number;
  /** Requests per LEASE_MS lately, and what that is computed from. */
  demand: number;
  seen: number;
  seenSince: number;
  waiting: number;
  refilling: Promise<void> | undefined;
  isListed: boolean;
}

/** A lease is worth this long at most, and so is what a process can take too much or too little of. */
const LEASE_MS = 20;
/** A lease not used for so long is dropped: the bucket has filled up meanwhile. */
const STALE_MS = 250;
/** An empty shared bucket is not asked again before this, or a quarter of the burst has come back. */
const ASK_AGAIN_MS = 10;
/** The share of the burst a process may allow before it has asked. */
const CREDIT_SHARE = 1 / 200;
/** The share of the burst that is charged afterwards of what a process allowed while the store was away. */
const CHARGED_SHARE = 1 / 4;

/**
 * Token buckets by key. Alone, a process keeps them in memory and is exact. With a store they belong to all processes:
 * each leases a few milliseconds' worth ahead, or allows a little on credit and is charged right after, so that most
 * requests are decided without waiting, and all of them together stay within 1 % of the limit.
 * While the store is away, every process goes on from what it knew last, with the whole limit.
 */
export class BucketLimiter {
  private readonly buckets: LRUCache<string, Bucket>;
  private owing: Bucket[] = [];

  constructor(
    keys: number,
    private readonly store: BucketStore | undefined,
    private readonly health: StoreHealth,
  ) {
    this.buckets = new LRUCache({ max: keys });
  }

  /** Takes one request from the bucket of `key`. No promise unless the shared bucket must be asked first. */
  take(key: string, limit: RateLimit): Verdict | Promise<Verdict> {
    const now = performance.now();
    const bucket = this.bucketOf(key, limit, now);
    if (this.store === undefined) return takeOwn(bucket, now);
    note(bucket, now);
    return this.takeShared(bucket, now) ?? this.takeWhenRefilled(bucket);
  }

  private bucketOf(key: string, limit: RateLimit, now: number): Bucket {
    const known = this.buckets.get(key);
    if (known !== undefined && isSame(known.limit, limit)) return known;
    const bucket: Bucket = {
      key,
      limit,
      fullAt: now,
      lease: 0,
      isEmpty: false,
      deniedUntil: 0,
      demand: 0,
      seen: 0,
      seenSince: now,
      waiting: 0,
      refilling: undefined,
      isListed: false,
    };
    this.buckets.set(key, bucket);
    return bucket;
  }

  /** Undefined: only the store can tell. */
  private takeShared(bucket: Bucket, now: number): Verdict | undefined {
    const isLeased = bucket.lease > 0;
    if (!isLeased) {
      if (this.health.isAway) return takeInsured(bucket, now);
      if (now < bucket.deniedUntil) return refused(bucket, now);
      if (bucket.lease <= -creditOf(bucket.limit)) return undefined;
      bucket.fullAt = charge(bucket.fullAt, bucket.limit, now);
    }
    bucket.lease--;
    this.refillInTime(bucket, now);
    return allowed(bucket, now);
  }

  private async takeWhenRefilled(bucket: Bucket): Promise<Verdict> {
    for (;;) {
      bucket.waiting++;
      await this.refill(bucket);
      bucket.waiting--;
      const now = performance.now();
      const verdict = this.takeShared(bucket, now);
      if (verdict !== undefined) return verdict;
      // Denied a moment ago, and that moment was short.
      if (bucket.isEmpty) return refused(bucket, now);
    }
  }

  private refillInTime(bucket: Bucket, now: number): void {
    if (bucket.lease > bucket.demand / 4 || now < bucket.deniedUntil || this.health.isAway) return;
    if (bucket.demand >= 2 || bucket.lease <= -creditOf(bucket.limit) / 2) void this.refill(bucket);
    else this.chargeSoon(bucket);
  }

  // A key seldom used is charged once per LEASE_MS, not at every request.
  private chargeSoon(bucket: Bucket): void {
    if (bucket.isListed) return;
    bucket.isListed = true;
    this.owing.push(bucket);
    if (this.owing.length > 1) return;
    setTimeout(() => {
      const listed = this.owing;
      this.owing = [];
      for (const each of listed) {
        each.isListed = false;
        if (each.lease < 0) void this.refill(each);
      }
    }, LEASE_MS).unref();
  }

  private refill(bucket: Bucket): Promise<void> {
    bucket.refilling ??= this.ask(bucket).finally(() => {
      bucket.refilling = undefined;
    });
    return bucket.refilling;
  }

  private async ask(bucket: Bucket): Promise<void> {
    const { key, limit } = bucket;
    const debt = Math.max(0, -bucket.lease);
    const want = Math.min(largestLease(limit), Math.max(bucket.waiting, Math.ceil(bucket.demand)));
    const { store } = this;
    // An answer that comes too late to be waited for still counts: it was charged, and granted.
    await this.health.ask(async () => store && settle(bucket, debt, await store.lease({ key, limit, debt, want })));
  }
}

function settle(bucket: Bucket, debt: number, { granted, room, retryAfterMs }: Lease): void {
  const { limit } = bucket;
  const now = performance.now();
  bucket.lease += debt + granted;
  bucket.fullAt = now + (limit.burst - room) * intervalOf(limit);
  bucket.isEmpty = granted === 0 && room < 1;
  if (!bucket.isEmpty) return;
  const pause = Math.min(ASK_AGAIN_MS, (limit.burst * intervalOf(limit)) / 4);
  bucket.deniedUntil = now + Math.max(retryAfterMs, pause);
}

function takeOwn(bucket: Bucket, now: number): Verdict {
  const taken = take(bucket.fullAt, bucket.limit, now);
  bucket.fullAt = taken.fullAt;
  return taken;
}

function takeInsured(bucket: Bucket, now: number): Verdict {
  const verdict = takeOwn(bucket, now);
  const most = Math.floor(bucket.limit.burst * CHARGED_SHARE);
  if (verdict.allowed) bucket.lease = Math.max(-most, bucket.lease - 1);
  return verdict;
}

function note(bucket: Bucket, now: number): void {
  bucket.seen++;
  const elapsed = now - bucket.seenSince;
  if (elapsed < LEASE_MS) return;
  if (elapsed > STALE_MS && bucket.lease > 0) bucket.lease = 0;
  bucket.demand = (bucket.seen * LEASE_MS) / elapsed;
  bucket.seen = 0;
  bucket.seenSince = now;
}

const creditOf = ({ burst }: RateLimit): number => Math.floor(burst * CREDIT_SHARE);

const largestLease = (limit: RateLimit): number =>
  Math.max(1, Math.floor(Math.min(LEASE_MS / intervalOf(limit), limit.burst / 8)));

const isSame = (one: RateLimit, other: RateLimit): boolean =>
  one === other ||
  (one.requests === other.requests && one.perSeconds === other.perSeconds && one.burst === other.burst);

function allowed({ fullAt, lease, limit }: Bucket, now: number): Verdict {
  const interval = intervalOf(limit);
  const left = Math.floor(limit.burst - Math.max(0, fullAt - now) / interval) + Math.max(0, lease);
  const remaining = Math.max(0, Math.min(limit.burst - 1, left));
  return { allowed: true, remaining, retryAfterMs: 0, resetMs: (limit.burst - remaining) * interval };
}

function refused({ deniedUntil, limit }: Bucket, now: number): Verdict {
  const retryAfterMs = Math.max(1, deniedUntil - now);
  return { allowed: false, remaining: 0, retryAfterMs, resetMs: limit.burst * intervalOf(limit) };
}
