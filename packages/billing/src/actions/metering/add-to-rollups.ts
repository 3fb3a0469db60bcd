import { sql, type Transaction } from '@bastionary/prisma/client';
import { countedEvents } from './counted-events.js';

type Fragment = ReturnType<typeof sql>;

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
export async function addToRollups(tx: Transaction, event: Fragment): Promise<Touched[]> {
  const rows = await tx.$queryRaw<{ meter: number; customer_id: string; first: Date; last: Date }[]>`
    WITH event AS (${event}),
    counted AS MATERIALIZED (
      SELECT number AS meter, customer_id, aggregation, time AS start, dimensions, source, id, value, digest
      FROM (${countedEvents}) AS c
    ),
    single AS (
      SELECT meter, customer_id, start, dimensions, 1 AS events, CASE aggregation WHEN 'sum' THEN value END AS total,
        CASE aggregation WHEN 'max' THEN value END AS highest, CASE aggregation WHEN 'latest' THEN start END AS latest_at,
        source AS latest_source, id AS latest_id, value AS latest
      FROM counted
    ),
    minutes AS MATERIALIZED (${together(sql`single`, sql`'1 minute'`)}),
    hours AS MATERIALIZED (${together(sql`minutes`, sql`'1 hour'`)}),
    days AS (${together(sql`hours`, sql`'1 day'`)}),
    rolled AS (
      INSERT INTO usage_rollup AS r (meter, customer_id, start, dimensions, events, total, highest,
        latest_at, latest_source, latest_id, latest, resolution)
      SELECT *, 1 FROM minutes UNION ALL SELECT *, 60 FROM hours UNION ALL SELECT *, 1440 FROM days
      ON CONFLICT (meter, customer_id, resolution, start, dimensions) DO UPDATE SET
        events = r.events + excluded.events, total = r.total + excluded.total, highest = greatest(r.highest, excluded.highest),
        latest_at = greatest(r.latest_at, excluded.latest_at),
        latest_source = CASE WHEN ${isNewer} THEN excluded.latest_source ELSE r.latest_source END,
        latest_id = CASE WHEN ${isNewer} THEN excluded.latest_id ELSE r.latest_id END,
        latest = CASE WHEN ${isNewer} THEN excluded.latest ELSE r.latest END
    ),
    hour_keys AS MATERIALIZED (
      SELECT meter, customer_id, date_bin('1 hour', start, 'epoch') AS start, dimensions, digest,
        min(start) AS first_at, max(start) AS last_at
      FROM counted WHERE aggregation = 'unique' GROUP BY 1, 2, 3, 4, 5
    ),
    keyed AS (
      INSERT INTO usage_key AS k (meter, customer_id, resolution, start, dimensions, digest, first_at, last_at)
      SELECT meter, customer_id, 60, start, dimensions, digest, first_at, last_at FROM hour_keys
      UNION ALL
      SELECT meter, customer_id, 1440, date_bin('1 day', start, 'epoch'), dimensions, digest, min(first_at), max(last_at)
      FROM hour_keys GROUP BY 1, 2, 4, 5, 6
      ON CONFLICT (meter, customer_id, resolution, start, dimensions, digest) DO UPDATE SET
        first_at = least(k.first_at, excluded.first_at), last_at = greatest(k.last_at, excluded.last_at)
      WHERE k.first_at > excluded.first_at OR k.last_at < excluded.last_at
    )
    SELECT meter, customer_id, min(start) AS first, max(start) AS last
    FROM counted GROUP BY meter, customer_id, date_bin('1 day', start, 'epoch')`;
  return rows.map(({ customer_id, ...rest }) => ({ customerId: customer_id, ...rest }));
}

/**
 * Rollups of a longer time out of shorter ones. Those with a newest value are sorted for it, the others need no order.
 * @param from a relation of rollups
 * @param length of the longer time, an interval
 */
const together = (from: Fragment, length: Fragment): Fragment => sql`
  SELECT meter, customer_id, date_bin(${length}, start, 'epoch') AS start, dimensions, sum(events)::bigint AS events,
    sum(total) AS total, max(highest) AS highest, NULL::timestamptz AS latest_at, NULL AS latest_source, NULL AS latest_id,
    NULL::numeric AS latest
  FROM ${from} AS f WHERE latest_at IS NULL GROUP BY 1, 2, 3, 4
  UNION ALL
  SELECT meter, customer_id, date_bin(${length}, start, 'epoch'), dimensions, sum(events)::bigint, NULL, NULL, max(latest_at),
    (array_agg(latest_source ${newestFirst}))[1], (array_agg(latest_id ${newestFirst}))[1],
    (array_agg(latest ${newestFirst}))[1]
  FROM ${from} AS f WHERE latest_at IS NOT NULL GROUP BY 1, 2, 3, 4`;

const newestFirst = sql`ORDER BY latest_at DESC, latest_source COLLATE "C" DESC, latest_id COLLATE "C" DESC, latest DESC`;
const isNewer = sql`(excluded.latest_at, excluded.latest_source COLLATE "C", excluded.latest_id COLLATE "C", excluded.latest)
  > (r.latest_at, r.latest_source, r.latest_id, r.latest)`;
