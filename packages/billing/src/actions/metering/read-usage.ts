import { type Reader, sql } from '@bastionary/prisma/client';
import { bucketStart, keyResolution, piecesOf } from '../../rules/metering/pieces.js';
import { countedEvents } from './counted-events.js';

/** Usage of a meter from `from` inclusive to `to` exclusive. */
export interface Ask {
  readonly meter: string;
  /** Null: of every customer, each by itself, and added up. */
  readonly customerId: string | null;
  readonly from: Date;
  readonly to: Date;
}

export interface Reading {
  /** Which of the asks it answers. */
  readonly place: number;
  /** Null unless asked for by customer. */
  readonly customerId: string | null;
  /** The values of the dimensions asked for, in their order. */
  readonly group: readonly (string | null)[];
  readonly events: bigint;
  /** Decimal. */
  readonly value: string;
  /** The database snapshot it was read in: which transactions it knew of (`pg_current_snapshot`). */
  readonly watermark: string;
}

export interface HowToRead {
  /** Places of dimensions in the `group_by` of the meter, which then all asks have in common. */
  readonly dimensions?: readonly number[];
  readonly byCustomer?: boolean;
  /** Only what was recorded by then. */
  readonly recordedBy?: Date | undefined;
  /** Only what a reading with this watermark knew of. */
  readonly watermark?: string | undefined;
  /** By the events alone, although there are rollups. */
  readonly raw?: boolean;
}

/** Asks in one statement: more would make it plan and sort for too long. */
const AT_ONCE = 1_000;

/**
 * Answers many asks, a thousand per statement; each has a reading at least, of nothing if nothing was counted. Exact at any instant: rollups, the
 * events that are not folded yet, and events where a span begins or ends within a minute, all seen in one snapshot.
 * Asks are for single customers or for every customer, never both at once. Those for a meter that does not exist have none.
 */
export async function readUsage(db: Reader, asks: readonly Ask[], how: HowToRead = {}): Promise<Reading[]> {
  if (asks.length === 0) return [];
  const keys = [...new Set(asks.map(({ meter }) => meter))];
  const unique = await db.meter.findMany({
    where: { key: { in: keys }, aggregation: 'unique' },
    select: { key: true },
  });
  const uniqueKeys = new Set(unique.map(({ key }) => key));
  const readings: Reading[] = [];
  for (let first = 0; first < asks.length; first += AT_ONCE) {
    readings.push(...(await readSome(db, asks.slice(first, first + AT_ONCE), first, uniqueKeys, how)));
  }
  return readings;
}

interface Row {
  place: number;
  customer_id: string | null;
  group: (string | null)[];
  events: string;
  value: string;
  watermark: string;
}

async function readSome(
  db: Reader,
  asks: readonly Ask[],
  offset: number,
  uniqueKeys: ReadonlySet<string>,
  how: HowToRead,
): Promise<Reading[]> {
  const everybody = asks[0]?.customerId === null;
  if (asks.some(({ customerId }) => (customerId === null) !== everybody)) {
    throw new Error('usage is asked for of single customers or of all, not of both at once');
  }
  const { recordedBy, watermark, byCustomer = false, dimensions = [] } = how;
  const isRaw = how.raw === true || recordedBy !== undefined || watermark !== undefined;
  const pieces = asks.flatMap((ask, place) =>
    spansOf(ask, uniqueKeys.has(ask.meter)).map((one) => ({ place, ...one })),
  );
  const questions = asks.map(({ meter, customerId, from, to }, place) => ({
    place,
    meter,
    customer_id: customerId,
    since: from,
    until: to,
  }));
  // Known to the planner, it finds the few events behind the fold by their transaction. The statement looks again itself.
  const [fold] = await db.$queryRaw<{ xid: bigint }[]>`SELECT xid FROM usage_fold`;
  const folded = fold?.xid ?? 0n;
  const earliest = new Date(Math.min(...asks.map(({ from }) => from.getTime())));
  const latest = new Date(Math.max(...asks.map(({ to }) => to.getTime())));

  // Of the months beyond it the planner thinks no further.
  const inReach = sql`e.time >= ${earliest} AND e.time < ${latest}`;

  const ofAsk = (theirs: 'e' | 'r' | 'k') => {
    if (everybody) return sql`true`;
    if (theirs === 'e') return sql`e.customer_id = p.customer_id`;
    return theirs === 'r' ? sql`r.customer_id = p.customer_id` : sql`k.customer_id = p.customer_id`;
  };
  const known = sql`(${recordedBy ?? null}::timestamptz IS NULL OR e.recorded_at <= ${recordedBy ?? null}::timestamptz)
    AND (${watermark ?? null}::text IS NULL OR pg_visible_in_snapshot(e.xid::text::xid8, (${watermark ?? null}::text)::pg_snapshot))`;

  const rows = await db.$queryRaw<Row[]>`
    WITH fold AS MATERIALIZED (SELECT xid, seq FROM usage_fold),
    ask AS MATERIALIZED (
      SELECT a.place, a.customer_id, a.since, a.until, m.number, m.aggregation, m.event_type, m.filters, m.group_by,
        string_to_array(m.property, '.') AS path, m.backfilled AND NOT ${isRaw}::boolean
          AND (SELECT xid FROM fold) <= (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint AS is_folded
      FROM json_to_recordset(${JSON.stringify(questions)}::json)
        AS a (place int, meter text, customer_id text, since timestamptz, until timestamptz)
      JOIN meter m ON m.key = a.meter
    ),
    piece AS MATERIALIZED (
      SELECT p.kind, p.resolution, p.start, p.ends, ask.*
      FROM json_to_recordset(${JSON.stringify(pieces)}::json)
        AS p (place int, kind text, resolution smallint, start timestamptz, ends timestamptz)
      JOIN ask USING (place)
    ),
    event AS (
      SELECT p.place, p.number, p.aggregation, p.filters, p.group_by, p.path,
        e.customer_id, e.time, e.source, e.id, e.data
      FROM piece p JOIN LATERAL (
        SELECT * FROM usage_event e
        WHERE ${ofAsk('e')} AND e.type = p.event_type AND e.time >= p.start AND e.time < p.ends
          AND ${inReach} AND ${known}
      ) e ON true
      WHERE p.kind = CASE WHEN p.is_folded THEN 'edge' ELSE 'whole' END
        AND (NOT p.is_folded OR (e.xid, e.seq) < (SELECT xid, seq FROM fold))
      UNION ALL
      SELECT p.place, p.number, p.aggregation, p.filters, p.group_by, p.path,
        e.customer_id, e.time, e.source, e.id, e.data
      FROM usage_event e JOIN ask p
        ON ${ofAsk('e')} AND p.event_type = e.type AND e.time >= p.since AND e.time < p.until AND p.is_folded
      WHERE NOT ${isRaw}::boolean AND e.xid >= ${folded} AND (e.xid, e.seq) >= (SELECT xid, seq FROM fold)
        AND ${inReach}
    ),
    part AS (
      SELECT place, aggregation, customer_id, dimensions, 1::bigint AS events, value AS total, value AS highest,
        time AS latest_at, source AS latest_source, id AS latest_id, value AS latest, digest
      FROM (${countedEvents}) counted
      UNION ALL
      SELECT p.place, p.aggregation, r.customer_id, r.dimensions, r.events, r.total, r.highest,
        r.latest_at, r.latest_source, r.latest_id, r.latest, NULL
      FROM piece p JOIN LATERAL (
        SELECT * FROM usage_rollup r WHERE r.meter = p.number AND ${ofAsk('r')} AND r.resolution = p.resolution
          AND r.start >= p.start AND r.start < p.ends
      ) r ON true
      WHERE p.kind = 'rollup' AND p.is_folded
      UNION ALL
      SELECT p.place, p.aggregation, k.customer_id, k.dimensions, 0, NULL, NULL, NULL, NULL, NULL, NULL, k.digest
      FROM piece p JOIN LATERAL (
        SELECT * FROM usage_key k WHERE k.meter = p.number AND ${ofAsk('k')} AND k.resolution = p.resolution
          AND k.start >= p.start AND k.start < p.until AND k.last_at >= p.since AND k.first_at < p.until
      ) k ON true
      WHERE p.kind = 'keys' AND p.is_folded
    ),
    -- Each customer by itself: the values of all are added up, whatever the aggregation.
    of_customer AS (
      SELECT place, customer_id, "group", sum(events) AS events, CASE aggregation
          WHEN 'count' THEN sum(events)
          WHEN 'sum' THEN sum(total)
          WHEN 'max' THEN max(highest)
          WHEN 'unique' THEN count(DISTINCT digest) FILTER (WHERE aggregation = 'unique')
          ELSE (array_agg(latest ORDER BY latest_at DESC, latest_source COLLATE "C" DESC, latest_id COLLATE "C" DESC, latest DESC)
            FILTER (WHERE aggregation = 'latest'))[1]
        END AS value
      FROM (SELECT *, ${picked(dimensions)} AS "group" FROM part) grouped
      GROUP BY place, customer_id, "group", aggregation
    )
    SELECT place, CASE WHEN ${byCustomer}::boolean THEN of_customer.customer_id END AS customer_id, "group",
      coalesce(sum(events), 0)::text AS events, coalesce(trim_scale(sum(value)), 0)::text AS value,
      pg_current_snapshot()::text AS watermark
    FROM ask LEFT JOIN of_customer USING (place)
    GROUP BY 1, 2, 3 ORDER BY 1, sum(value) DESC, 2, 3`;
  return rows.map(({ place, customer_id, events, group, ...rest }) => ({
    place: place + offset,
    customerId: customer_id,
    events: BigInt(events),
    group: group ?? [],
    ...rest,
  }));
}

/** What of an ask is read where. `whole` is for a meter that is not folded yet, the others for one that is. */
function spansOf({ from, to }: Ask, isUnique: boolean) {
  const whole = { kind: 'whole', resolution: 0, start: from, ends: to };
  const keys = isUnique ? keyResolution(from, to) : null;
  if (isUnique && keys === null) return [whole, { ...whole, kind: 'edge' }];
  const pieces = piecesOf(from, to).map(({ resolution, start, until }) => ({
    kind: resolution === 0 ? 'edge' : 'rollup',
    resolution,
    start,
    ends: until,
  }));
  if (keys === null) return [whole, ...pieces];
  return [whole, ...pieces, { kind: 'keys', resolution: keys, start: bucketStart(from, keys), ends: to }];
}

function picked(dimensions: readonly number[]) {
  const places = [...dimensions];
  if (places.length === 0) return sql`'[]'::jsonb`;
  return sql`(SELECT jsonb_agg(part.dimensions::jsonb -> wanted ORDER BY turn)
    FROM unnest(${places}::int[]) WITH ORDINALITY AS one (wanted, turn))`;
}
