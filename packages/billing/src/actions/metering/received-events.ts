import { type Reader, sql } from '@bastionary/prisma/client';

/** What became of an event, as it is kept. */
export interface ReceivedEventRow {
  readonly xid: bigint;
  readonly seq: number;
  readonly result: 'accepted' | 'conflict' | 'rejected';
  readonly reason: string | null;
  readonly id: string | null;
  readonly source: string | null;
  readonly type: string | null;
  readonly subject: string | null;
  readonly customerId: string | null;
  readonly clientId: string | null;
  readonly time: Date | null;
  readonly recordedAt: Date;
  /** Null: none of the own clients. */
  readonly sentBy: string | null;
  readonly data: Record<string, unknown> | null;
}

export interface ReceivedEventFilter {
  readonly limit: number;
  /** Where the page before ended. */
  readonly after: { readonly xid: bigint; readonly seq: number } | undefined;
  readonly name: { readonly source: string; readonly id: string } | undefined;
  /** Id or external id. */
  readonly customer: string | undefined;
  readonly type: string | undefined;
  readonly result: ReceivedEventRow['result'] | undefined;
  readonly from: Date | undefined;
  readonly to: Date | undefined;
}

/**
 * What became of events, accepted or not, the newest first; one more than asked for if there are more.
 * @param own the customer whose they must be; null: anybody's
 */
export async function listReceivedEvents(
  db: Reader,
  own: string | null,
  filter: ReceivedEventFilter,
): Promise<ReceivedEventRow[]> {
  const { result, limit } = filter;
  const [accepted, refused] = await Promise.all([
    result === undefined || result === 'accepted' ? listAccepted(db, own, filter) : [],
    result !== 'accepted' ? listRefused(db, own, filter) : [],
  ]);
  const isNewer = (a: ReceivedEventRow, b: ReceivedEventRow) =>
    a.xid === b.xid ? b.seq - a.seq : a.xid < b.xid ? 1 : -1;
  return [...accepted, ...refused].sort(isNewer).slice(0, limit + 1);
}

const listAccepted = (db: Reader, own: string | null, filter: ReceivedEventFilter): Promise<ReceivedEventRow[]> =>
  db.$queryRaw`
    SELECT xid, seq, 'accepted' AS result, NULL AS reason, event.id, event.source, type,
      coalesce(subject, event.customer_id) AS subject, event.customer_id AS "customerId", client_id AS "clientId",
      event.time, recorded_at AS "recordedAt", ${senderAsSeenBy(own)} AS "sentBy", data
    FROM usage_event event
    WHERE ${common(own, filter)}
      -- The name says where to look: which customer, and in which month.
      ${
        filter.name === undefined
          ? sql``
          : sql`AND (event.customer_id, event.time) IN (
        SELECT customer_id, time FROM usage_event_key WHERE source = ${filter.name.source} AND id = ${filter.name.id})`
      }
      ${filter.from === undefined ? sql`` : sql`AND event.time >= ${filter.from}`}
      ${filter.to === undefined ? sql`` : sql`AND event.time < ${filter.to}`}
    ORDER BY xid DESC, seq DESC LIMIT ${filter.limit + 1}`;

const listRefused = (db: Reader, own: string | null, filter: ReceivedEventFilter): Promise<ReceivedEventRow[]> =>
  db.$queryRaw`
    SELECT xid, seq, result, reason, event.id, source, type, subject, customer_id AS "customerId", NULL AS "clientId", time,
      recorded_at AS "recordedAt", ${senderAsSeenBy(own)} AS "sentBy", NULL::jsonb AS data
    FROM usage_rejection event
    WHERE ${common(own, filter)}
      ${filter.result === undefined ? sql`` : sql`AND result = ${filter.result}`}
      ${filter.from === undefined ? sql`` : sql`AND recorded_at >= ${filter.from}`}
      ${filter.to === undefined ? sql`` : sql`AND recorded_at < ${filter.to}`}
    ORDER BY xid DESC, seq DESC LIMIT ${filter.limit + 1}`;

// Who works for the installation is no business of a customer.
const senderAsSeenBy = (own: string | null) =>
  own === null
    ? sql`sent_by`
    : sql`(SELECT sent_by FROM client c WHERE c.customer_id = ${own} AND 'client:' || c.client_id = sent_by)`;

// Only what is asked for stands in the statement, so that each is planned for what it is.
const common = (own: string | null, { after, name, customer, type }: ReceivedEventFilter) => sql`true
  ${own === null ? sql`` : sql`AND event.customer_id = ${own}`}
  ${name === undefined ? sql`` : sql`AND event.source = ${name.source} AND event.id = ${name.id}`}
  ${
    customer === undefined
      ? sql``
      : sql`AND event.customer_id = ANY (ARRAY(SELECT c.id FROM customer c WHERE c.id = ${customer} OR c.external_id = ${customer}))`
  }
  ${type === undefined ? sql`` : sql`AND event.type = ${type}`}
  ${after === undefined ? sql`` : sql`AND (event.xid, event.seq) < (${after.xid}::bigint, ${after.seq}::int)`}`;
