import { intervalOf } from '@bastionary/oauth/rules/token-bucket';
import pg from 'pg';
import { RateLimiterPostgres } from 'rate-limiter-flexible';
import type { BucketStore, Lease, LeaseRequest, OpenedStore } from './bucket-store.js';

/** Requests that come within this time share one statement. */
const GATHER_MS = 2;
const SWEEP_MS = 300_000;

/**
 * rules/token-bucket in the server's time, in microseconds, for many buckets at once; in the order of their keys, so that
 * two processes never wait for each other. `granted` is kept only to be returned.
 */
const LEASE = `
WITH asked AS (
  SELECT key, step, burst, debt, want, extract(epoch FROM clock_timestamp())::float8 * 1e6 AS now
  FROM unnest($1::text[], $2::float8[], $3::float8[], $4::float8[], $5::float8[]) AS asked (key, step, burst, debt, want)
), leased AS (
  INSERT INTO limit_bucket AS bucket (key, full_at, granted, room)
  SELECT key, now + (debt + greatest(0, least(want, burst - debt))) * step, greatest(0, least(want, burst - debt)),
    burst - debt - greatest(0, least(want, burst - debt))
  FROM asked ORDER BY key
  ON CONFLICT (key) DO UPDATE SET (full_at, granted, room) = (
    SELECT before + granted * step, granted, room - granted
    FROM asked,
      LATERAL (SELECT greatest(bucket.full_at, now) + debt * step AS before) AS charged,
      LATERAL (SELECT floor((now + burst * step - before) / step + 1e-6) AS room) AS left_over,
      LATERAL (SELECT greatest(0, least(want, room)) AS granted) AS given
    WHERE asked.key = bucket.key
  )
  RETURNING key, full_at, granted, room
)
SELECT key, leased.granted::float8, leased.room::float8, greatest(0, full_at + step - now - burst * step) AS wait
FROM leased JOIN asked USING (key)`;

interface Waiting {
  readonly request: LeaseRequest;
  readonly resolve: (lease: Lease) => void;
  readonly reject: (error: unknown) => void;
}

class PostgresBuckets implements BucketStore {
  private waiting = new Map<string, Waiting>();
  private timer: NodeJS.Timeout | undefined;
  private sweptAt = Date.now();

  constructor(private readonly pool: pg.Pool) {}

  /** One call at a time per key: the limiter asks no second question before the first is answered. */
  lease(request: LeaseRequest): Promise<Lease> {
    const { promise, resolve, reject } = Promise.withResolvers<Lease>();
    const { requests, perSeconds, burst } = request.limit;
    // A limit that was changed starts with a full bucket: the old one may be in debt for hours.
    this.waiting.set(`${request.key}:${requests}/${perSeconds}/${burst}`, { request, resolve, reject });
    this.timer ??= setTimeout(() => void this.send(), GATHER_MS);
    return promise;
  }

  private async send(): Promise<void> {
    const batch = this.waiting;
    this.waiting = new Map();
    this.timer = undefined;
    const all = [...batch.values()].map(({ request }) => request);
    try {
      const { rows } = await this.pool.query<{ key: string; granted: number; room: number; wait: number }>({
        name: 'lease',
        text: LEASE,
        values: [
          [...batch.keys()],
          all.map(({ limit }) => intervalOf(limit) * 1_000),
          all.map(({ limit }) => limit.burst),
          all.map(({ debt }) => debt),
          all.map(({ want }) => want),
        ],
      });
      for (const { key, granted, room, wait } of rows) {
        batch.get(key)?.resolve({ granted, room, retryAfterMs: wait / 1_000 });
        batch.delete(key);
      }
      for (const { reject } of batch.values()) reject(new Error('the database left a bucket out'));
      await this.sweep();
    } catch (error) {
      for (const { reject } of batch.values()) reject(error);
    }
  }

  // A bucket that is full again is as good as none.
  private async sweep(): Promise<void> {
    if (Date.now() - this.sweptAt < SWEEP_MS) return;
    this.sweptAt = Date.now();
    await this.pool.query('DELETE FROM limit_bucket WHERE full_at < extract(epoch FROM clock_timestamp()) * 1e6');
  }
}

/** Buckets and counts in PostgreSQL, on connections of their own. */
export function openPostgresStore(databaseUrl: string): OpenedStore {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: 'bastionary-api-limits',
    max: 2,
    connectionTimeoutMillis: 1_000,
    query_timeout: 1_000,
  });
  pool.on('error', () => undefined);
  // Connected before the first request, which would not wait so long.
  void pool.query('SELECT 1').catch(() => undefined);
  const counts = new RateLimiterPostgres({
    storeClient: pool,
    storeType: 'pool',
    tableName: 'limit_count',
    tableCreated: true,
    keyPrefix: '',
    points: 1,
    duration: 60,
  });
  return { buckets: new PostgresBuckets(pool), counts, close: () => pool.end() };
}
