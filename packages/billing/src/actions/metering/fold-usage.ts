import { sql, type Transaction } from '@bastionary/prisma/client';
import { addToRollups } from './add-to-rollups.js';
import { lookAtNewThreshold, reachThresholds } from './reach-thresholds.js';

export interface Folded {
  /** There may be more to do at once. */
  readonly hasMore: boolean;
}

/**
 * One step of the fold: new events into the rollups, and where those are done, the past of meters that are new. Its row is
 * the lock: of two at once, one does nothing. Thresholds that usage reaches with it are told in the same transaction.
 * It moves on in the transaction that adds, so every event is added once,
 * wherever a step is cut off.
 *
 * Events are taken by the transaction that wrote them, and only of those that have ended for good: one that commits late is
 * above the watermark still.
 * @param most events, unless a single transaction wrote more
 * @returns null if there was nothing to do, or another does it
 */
export async function foldUsage(tx: Transaction, most: number, now: Date): Promise<Folded | null> {
  const [fold] = await tx.$queryRaw<{ xid: bigint; ended: bigint }[]>`
    SELECT xid, (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint AS ended
    FROM usage_fold FOR UPDATE SKIP LOCKED`;
  if (fold === undefined) return null;
  if (fold.xid > fold.ended) return startAnew(tx);
  await tx.meter.updateMany({ where: { liveFrom: null }, data: { liveFrom: fold.xid } });
  const folded = (await foldNew(tx, fold.xid, fold.ended, most, now)) ?? (await foldPast(tx, most));
  if (folded !== null) return folded;
  return (await lookAtNewThreshold(tx, now)) ? { hasMore: true } : null;
}

async function foldNew(tx: Transaction, from: bigint, ended: bigint, most: number, now: Date): Promise<Folded | null> {
  const [waiting] = await tx.$queryRaw<{ some: boolean; beyond: bigint | null }[]>`
    SELECT EXISTS (SELECT FROM usage_event WHERE xid >= ${from} AND xid < ${ended}) AS some,
      (SELECT xid FROM usage_event WHERE xid >= ${from} AND xid < ${ended} ORDER BY xid OFFSET ${most} LIMIT 1) AS beyond`;
  if (waiting?.some !== true) return null;
  const { beyond } = waiting;
  const until = beyond === null ? ended : beyond > from ? beyond : from + 1n;
  const touched = await addToRollups(
    tx,
    sql`SELECT m.number, m.aggregation, m.filters, m.group_by, string_to_array(m.property, '.') AS path,
        e.customer_id, e.time, e.source, e.id, e.data
      FROM usage_event e JOIN meter m ON m.event_type = e.type AND m.live_from IS NOT NULL
      WHERE e.xid >= ${from} AND e.xid < ${until}`,
  );
  await tx.usageFold.update({ where: { id: 1 }, data: { xid: until, foldedAt: now } });
  await reachThresholds(tx, touched, now);
  return { hasMore: beyond !== null };
}

/**
 * What was there before the fold saw a meter: customer by customer, each from its first event on. Until it is done, the meter
 * is read from its events.
 */
async function foldPast(tx: Transaction, most: number): Promise<Folded | null> {
  const meter = await tx.meter.findFirst({ where: { backfilled: false }, orderBy: { number: 'asc' } });
  if (meter === null) return null;
  let customer: string | null = meter.backfillCustomer;
  let since = meter.backfillTime;
  for (let left = most; left > 0; ) {
    if (since === null) customer = await customerAfter(tx, customer);
    if (customer === null) break;
    const past = sql`e.customer_id = ${customer} AND e.type = ${meter.eventType} AND e.xid < ${meter.liveFrom}
      AND e.time >= coalesce(${since}::timestamptz, '-infinity')`;
    const [part] = await tx.$queryRaw<{ events: number; last: Date | null }[]>`
      SELECT count(*)::int AS events, max(time) AS last
      FROM (SELECT time FROM usage_event e WHERE ${past} ORDER BY time LIMIT ${left + 1}) AS part`;
    const events = part?.events ?? 0;
    const last = events > left ? (part?.last ?? null) : null;
    // All of one millisecond, however many.
    const until = last !== null && last.getTime() === since?.getTime() ? new Date(last.getTime() + 1) : last;
    if (events > 0) {
      await addToRollups(
        tx,
        sql`SELECT m.number, m.aggregation, m.filters, m.group_by, string_to_array(m.property, '.') AS path,
            e.customer_id, e.time, e.source, e.id, e.data
          FROM usage_event e JOIN meter m ON m.number = ${meter.number}
          WHERE ${past} AND e.time < coalesce(${until}::timestamptz, 'infinity')`,
      );
    }
    left -= Math.max(events, STEP_OF_A_CUSTOMER);
    since = until;
  }
  const state = { backfilled: customer === null, backfillCustomer: customer ?? '', backfillTime: since };
  await tx.meter.update({ where: { key: meter.key }, data: state });
  return { hasMore: true };
}

/** What looking at a customer costs, in events. */
const STEP_OF_A_CUSTOMER = 20;

async function customerAfter(tx: Transaction, customer: string): Promise<string | null> {
  const [next] = await tx.$queryRaw<{ id: string }[]>`
    SELECT customer_id AS id FROM usage_event WHERE customer_id > ${customer} ORDER BY customer_id LIMIT 1`;
  return next?.id ?? null;
}

/**
 * The watermark is a transaction that this database has not reached: it was restored elsewhere from a copy, and new events
 * would be below it. Everything is folded again; meanwhile usage is read from the events.
 */
async function startAnew(tx: Transaction): Promise<Folded> {
  await tx.$executeRaw`TRUNCATE usage_rollup, usage_key`;
  await tx.meter.updateMany({ data: { liveFrom: null, backfilled: false, backfillCustomer: '', backfillTime: null } });
  await tx.usageFold.update({ where: { id: 1 }, data: { xid: 0n } });
  return { hasMore: true };
}
