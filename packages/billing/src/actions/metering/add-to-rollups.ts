import { sql, type Transaction } from '@bastionary/prisma/client';
import { countedEvents } from './counted-events.js';

/** Usage that was added, of a meter and customer, on a day (UTC). */
export interface Touched {
  readonly meter: number;
  readonly customerId: string;
  /** Times of the first and the last event. */
  readonly first: Date;
  readonly last: Date;
}

/**
 * Adds events to the rollups of minutes, hours and days and to the keys of unique values, in one statement. Adding is all there
 * is: sums and counts grow, the largest and the newest win, and so late events need nothing else. Whoever calls holds the
 * lock of the fold, and adds each event once.
 * @param event selects events, each beside its meter, as `countedEvents` takes them
 */
export async function addToRollups(tx: Transaction, event: ReturnType<typeof sql>): Promise<Touched[]> {
  const rows = await tx.$queryRaw<{ meter: number; customer_id: string; first: Date; last: Date }[]>`
    WITH event AS (${event}),
    counted AS MATERIALIZED (${countedEvents}),
    rolled AS (
      INSERT INTO usage_rollup AS r (meter, customer_id, resolution, start, dimensions, events, total, highest,
        latest_at, latest_source, latest_id, latest)
      SELECT number, customer_id, resolution, date_bin(make_interval(mins => resolution), time, 'epoch'), dimensions,
        count(*), sum(value) FILTER (WHERE aggregation = 'sum'), max(value) FILTER (WHERE aggregation = 'max'),
        max(time) FILTER (WHERE aggregation = 'latest'), (array_agg(source ${newestFirst}))[1],
        (array_agg(id ${newestFirst}))[1], (array_agg(value ${newestFirst}))[1]
      FROM counted CROSS JOIN unnest('{1,60,1440}'::int[]) AS resolution
      GROUP BY 1, 2, 3, 4, 5
      ON CONFLICT (meter, customer_id, resolution, start, dimensions) DO UPDATE SET
        events = r.events + excluded.events, total = r.total + excluded.total, highest = greatest(r.highest, excluded.highest),
        latest_at = greatest(r.latest_at, excluded.latest_at),
        latest_source = CASE WHEN ${isNewer} THEN excluded.latest_source ELSE r.latest_source END,
        latest_id = CASE WHEN ${isNewer} THEN excluded.latest_id ELSE r.latest_id END,
        latest = CASE WHEN ${isNewer} THEN excluded.latest ELSE r.latest END
    ),
    keyed AS (
      INSERT INTO usage_key AS k (meter, customer_id, resolution, start, dimensions, digest, first_at, last_at)
      SELECT number, customer_id, resolution, date_bin(make_interval(mins => resolution), time, 'epoch'), dimensions, digest,
        min(time), max(time)
      FROM counted CROSS JOIN unnest('{60,1440}'::int[]) AS resolution
      WHERE aggregation = 'unique'
      GROUP BY 1, 2, 3, 4, 5, 6
      ON CONFLICT (meter, customer_id, resolution, start, dimensions, digest) DO UPDATE SET
        first_at = least(k.first_at, excluded.first_at), last_at = greatest(k.last_at, excluded.last_at)
      WHERE k.first_at > excluded.first_at OR k.last_at < excluded.last_at
    )
    SELECT number AS meter, customer_id, min(time) AS first, max(time) AS last
    FROM counted GROUP BY number, customer_id, date_bin('1 day', time, 'epoch')`;
  return rows.map(({ customer_id, ...rest }) => ({ customerId: customer_id, ...rest }));
}

const newestFirst = sql`ORDER BY time DESC, source COLLATE "C" DESC, id COLLATE "C" DESC, value DESC) FILTER (WHERE aggregation = 'latest'`;
const isNewer = sql`(excluded.latest_at, excluded.latest_source COLLATE "C", excluded.latest_id COLLATE "C", excluded.latest)
  > (r.latest_at, r.latest_source, r.latest_id, r.latest)`;
