import { sql, type Transaction } from '@bastionary/prisma/client';
import { addToRollups } from './add-to-rollups.js';
import { lookAtNewThreshold, reachThresholds } from './reach-thresholds.js';

export interface Folded {
  /** There may be more to do at once. */
  readonly hasMore: boolean;
}

/** A place among all events, in the order in which they were written: before those of a transaction from `seq` on. */
interface Position {
  readonly xid: bigint;
  readonly seq: number;
}

/** Looking at an event that no meter of a step counts costs a tenth of adding one. */
const LOOKED_AT = 10;

/**
 * One step of the fold: new events into the rollups, and where those are done, the past of meters that are new. Its row is
 * the lock: of two at once, one does nothing. Thresholds that usage reaches with it are told in the same transaction.
 * It moves on in the transaction that adds, so every event is added once,
 * wherever a step is cut off.
 *
 * Events are taken by the transaction that wrote them, and only of those that have ended for good: one that commits late is
 * above the watermark still.
 * @param most events, each as often as meters count its type
 * @returns null if there was nothing to do, or another does it
 */
export async function foldUsage(tx: Transaction, most: number, now: Date): Promise<Folded | null> {
  const [fold] = await tx.$queryRaw<(Position & { ended: bigint })[]>`
    SELECT xid, seq, (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint AS ended
    FROM usage_fold FOR UPDATE SKIP LOCKED`;
  if (fold === undefined) return null;
  if (fold.xid > fold.ended) return startAnew(tx);
  // A new meter begins with a whole transaction.
  if (fold.seq === 0) await tx.meter.updateMany({ where: { liveFrom: null }, data: { liveFrom: fold.xid } });
  const folded = (await foldNew(tx, fold, fold.ended, most, now)) ?? (await foldPast(tx, most));
  if (folded !== null) return folded;
  return (await lookAtNewThreshold(tx, now)) ? { hasMore: true } : null;
}

async function foldNew(
  tx: Transaction,
  from: Position,
  ended: bigint,
  most: number,
  now: Date,
): Promise<Folded | null> {
  const live = await tx.meter.findMany({
    where: { liveFrom: { not: null } },
    select: { number: true, eventType: true },
  });
  const part = await nextPart(tx, from, { xid: ended, seq: 0 }, most, live);
  if (part === null) return null;
  const touched = await addPart(tx, from, part.until, live);
  const { xid, seq } = part.until;
  await tx.usageFold.update({ where: { id: 1 }, data: { xid, seq, foldedAt: now } });
  await reachThresholds(tx, touched, now);
  return { hasMore: part.hasMore };
}

/**
 * What was there before the fold saw a meter, in the order in which it was written: the meters that are furthest behind,
 * all together once they are at the same place. Until it is done, a meter is read from its events.
 */
async function foldPast(tx: Transaction, most: number): Promise<Folded | null> {
  const waiting = await tx.$queryRaw<(Position & { number: number; eventType: string; live: bigint })[]>`
    SELECT number, event_type AS "eventType", live_from AS live, backfill_xid AS xid, backfill_seq AS seq
    FROM meter WHERE NOT backfilled AND live_from IS NOT NULL ORDER BY backfill_xid, backfill_seq, live_from`;
  const [from] = waiting;
  if (from === undefined) return null;
  const together = waiting.filter((one) => isSame(one, from));
  const ahead = waiting.find((one) => !isSame(one, from));
  let to: Position = { xid: from.live, seq: 0 };
  if (ahead !== undefined && isBefore(ahead, to)) to = ahead;
  const part = await nextPart(tx, from, to, most, together);
  if (part !== null) await addPart(tx, from, part.until, together);
  const { xid, seq } = part?.until ?? to;
  await tx.$executeRaw`
    UPDATE meter SET backfill_xid = ${xid}, backfill_seq = ${seq}, backfilled = live_from <= ${xid}
    WHERE number = ANY(${together.map(({ number }) => number)})`;
  return { hasMore: true };
}

const isSame = (one: Position, other: Position): boolean => one.xid === other.xid && one.seq === other.seq;
const isBefore = (one: Position, other: Position): boolean =>
  one.xid < other.xid || (one.xid === other.xid && one.seq < other.seq);

/**
 * How far a step goes: until there is enough that the meters may count, or many more events that they do not.
 * @returns null if there is no event
 */
async function nextPart(
  tx: Transaction,
  from: Position,
  to: Position,
  most: number,
  meters: readonly { readonly eventType: string }[],
): Promise<{ readonly until: Position; readonly hasMore: boolean } | null> {
  const times = new Map<string, number>();
  for (const { eventType } of meters) times.set(eventType, (times.get(eventType) ?? 0) + 1);
  const events = Math.max(1, Math.floor(most / Math.max(1, ...times.values())));
  const [found] = await tx.$queryRaw<{ some: boolean; beyond: [string, number] | null }[]>`
    WITH part AS MATERIALIZED (
      SELECT e.xid, e.seq, e.type FROM usage_event e WHERE ${within(from, to)}
      ORDER BY e.xid, e.seq LIMIT ${events * LOOKED_AT + 1}
    )
    SELECT EXISTS (SELECT FROM part) AS some, coalesce(
      (SELECT json_build_array(xid::text, seq) FROM part WHERE type = ANY(${[...times.keys()]}) OFFSET ${events} LIMIT 1),
      (SELECT json_build_array(xid::text, seq) FROM part OFFSET ${events * LOOKED_AT} LIMIT 1)) AS beyond`;
  if (found?.some !== true && from.seq === 0) return null;
  if (!found?.beyond) return { until: to, hasMore: false };
  const until = { xid: BigInt(found.beyond[0]), seq: found.beyond[1] };
  // All that have one place, however many.
  return { until: isBefore(from, until) ? until : { xid: from.xid, seq: from.seq + 1 }, hasMore: true };
}

const addPart = (tx: Transaction, from: Position, until: Position, meters: readonly { readonly number: number }[]) =>
  addToRollups(
    tx,
    sql`SELECT m.number, m.aggregation, m.filters, m.group_by, string_to_array(m.property, '.') AS path,
        e.customer_id, e.time, e.source, e.id, e.data
      FROM usage_event e JOIN meter m ON m.event_type = e.type AND m.number = ANY(${meters.map(({ number }) => number)})
      WHERE ${within(from, until)}`,
  );

// The index knows transactions only.
const within = (from: Position, until: Position) => sql`e.xid >= ${from.xid} AND e.xid <= ${until.xid}
  AND (e.xid, e.seq) >= (${from.xid}, ${from.seq}::int) AND (e.xid, e.seq) < (${until.xid}, ${until.seq}::int)`;

/**
 * The watermark is a transaction that this database has not reached: it was restored elsewhere from a copy, and new events
 * would be below it. Everything is folded again; meanwhile usage is read from the events.
 */
async function startAnew(tx: Transaction): Promise<Folded> {
  await tx.$executeRaw`TRUNCATE usage_rollup, usage_key`;
  await tx.meter.updateMany({ data: { liveFrom: null, backfilled: false, backfillXid: 0n, backfillSeq: 0 } });
  await tx.usageFold.update({ where: { id: 1 }, data: { xid: 0n, seq: 0 } });
  return { hasMore: true };
}
