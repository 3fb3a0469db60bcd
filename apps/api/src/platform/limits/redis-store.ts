import { intervalOf, type RateLimit } from '@bastionary/oauth/rules/token-bucket';
import { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { BucketStore, Lease, LeaseRequest, OpenedStore } from './bucket-store.js';

const PREFIX = 'bastionary:limits';

/**
 * rules/token-bucket in the store's own time, in microseconds: charges what was spent on credit, whatever that leads to,
 * then grants as much of what is wanted as there is room for. A bucket that is full again is forgotten.
 */
const LEASE = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local debt, want = tonumber(ARGV[3]), tonumber(ARGV[4])
local fullAt = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + debt * interval
local room = math.floor((now + burst * interval - fullAt) / interval + 0.000001)
local granted = math.max(0, math.min(want, room))
fullAt = fullAt + granted * interval
if granted + debt > 0 then
  redis.call('SET', KEYS[1], string.format('%.3f', fullAt), 'PX', math.ceil((fullAt - now) / 1000) + 1)
end
local wait = math.max(0, fullAt + interval - now - burst * interval)
return {granted, room - granted, math.ceil(wait)}`;

type LeaseCommand = (
  key: string,
  interval: number,
  burst: number,
  debt: number,
  want: number,
) => Promise<[number, number, number]>;

class RedisBuckets implements BucketStore {
  constructor(private readonly redis: Redis & { bastionaryLease: LeaseCommand }) {}

  async lease({ key, limit, debt, want }: LeaseRequest): Promise<Lease> {
    const name = `${PREFIX}:bucket:${key}:${nameOf(limit)}`;
    const [granted, room, wait] = await this.redis.bastionaryLease(
      name,
      intervalOf(limit) * 1_000,
      limit.burst,
      debt,
      want,
    );
    return { granted, room, retryAfterMs: wait / 1_000 };
  }
}

// A limit that was changed starts with a full bucket: the old one may be in debt for hours.
const nameOf = ({ requests, perSeconds, burst }: RateLimit): string => `${requests}/${perSeconds}/${burst}`;

/** Buckets and counts in Redis. Commands of one turn of the event loop share one round trip. */
export function openRedisStore(url: string): OpenedStore {
  const redis = new Redis(url, {
    enableAutoPipelining: true,
    // What cannot be asked now is decided by the process itself: nothing waits for Redis to come back.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    retryStrategy: (attempt) => Math.min(attempt * 100, 1_000),
  });
  // Told by StoreHealth, once.
  redis.on('error', () => undefined);
  redis.defineCommand('bastionaryLease', { numberOfKeys: 1, lua: LEASE });
  return {
    buckets: new RedisBuckets(redis as never),
    counts: new RateLimiterRedis({ storeClient: redis, keyPrefix: `${PREFIX}:count`, points: 1, duration: 60 }),
    close: async () => redis.disconnect(),
  };
}
