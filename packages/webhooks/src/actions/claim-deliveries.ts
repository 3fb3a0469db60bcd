import { toInstant } from '@bastionary/contracts/text';
import type { Transaction } from '@bastionary/prisma/client';
import type { EventFacts } from '../rules/signed-event.js';

/** A delivery that is this worker's to attempt until its lease ends. */
export interface Claim {
  readonly lease: string;
  readonly endpointId: string;
  readonly url: string;
  readonly deliveryId: string;
  /** Attempts before this one. */
  readonly attempts: number;
  readonly event: EventFacts;
}

export interface ClaimTerms {
  /** How many at most. */
  readonly room: number;
  /** How many per endpoint, unless `rooms` says otherwise. */
  readonly perEndpoint: number;
  readonly rooms: ReadonlyMap<string, number>;
  readonly leaseMs: number;
}

interface Head {
  readonly lease: string;
  readonly endpointId: string;
  readonly url: string;
  readonly deliveryId: string | null;
  readonly attempts: number;
  readonly eventId: string;
  readonly type: string;
  readonly at: Date;
  readonly data: string;
}

/**
 * Takes the first delivery of lanes that are due: endpoint by endpoint in turn, so that none waits for the backlog of
 * another. A lane is held by one worker at a time, which keeps its order.
 */
export async function claimDeliveries(tx: Transaction, terms: ClaimTerms): Promise<Claim[]> {
  const { room, perEndpoint, rooms, leaseMs } = terms;
  if (room <= 0) return [];
  const leased = await tx.$queryRaw<{ lease: string }[]>`
    WITH room AS (
      SELECT endpoint.id, coalesce(own.places, ${perEndpoint}::int) AS places
      FROM webhook_endpoint AS endpoint
      LEFT JOIN unnest(${[...rooms.keys()]}::text[], ${[...rooms.values()]}::int[]) AS own (id, places)
        ON own.id = endpoint.id
      WHERE endpoint.enabled
    ), due AS (
      SELECT found.*, row_number() OVER (PARTITION BY found.endpoint_id ORDER BY found.due_at) AS turn
      FROM room CROSS JOIN LATERAL (
        SELECT endpoint_id, key, due_at FROM webhook_lane AS lane
        WHERE lane.endpoint_id = room.id AND lane.due_at <= clock_timestamp()
        ORDER BY lane.due_at LIMIT room.places FOR UPDATE SKIP LOCKED
      ) AS found
    ), chosen AS (
      SELECT endpoint_id, key FROM due ORDER BY turn, due_at LIMIT ${room}
    )
    UPDATE webhook_lane AS lane
    SET lease = gen_random_uuid()::text, due_at = clock_timestamp() + make_interval(secs => ${leaseMs / 1_000}::float8)
    FROM chosen WHERE lane.endpoint_id = chosen.endpoint_id AND lane.key = chosen.key
    RETURNING lane.lease`;
  if (leased.length === 0) return [];
  const leases = leased.map(({ lease }) => lease);
  const heads = await tx.$queryRaw<Head[]>`
    SELECT lane.lease, lane.endpoint_id AS "endpointId", endpoint.url, head.id AS "deliveryId", head.attempts,
      event.id AS "eventId", event.type, event.at, event.data
    FROM webhook_lane AS lane
    JOIN webhook_endpoint AS endpoint ON endpoint.id = lane.endpoint_id
    LEFT JOIN LATERAL (
      SELECT id, attempts, event_id FROM webhook_delivery AS delivery
      WHERE delivery.endpoint_id = lane.endpoint_id AND delivery.key = lane.key AND delivery.status = 'pending'
      ORDER BY delivery.seq LIMIT 1
    ) AS head ON true
    LEFT JOIN outbox_event AS event ON event.id = head.event_id
    WHERE lane.lease = ANY(${leases}::text[])`;
  // Their deliveries were forgotten by age.
  const empty = heads.filter(({ deliveryId }) => deliveryId === null).map(({ lease }) => lease);
  if (empty.length > 0) await tx.webhookLane.deleteMany({ where: { lease: { in: empty } } });
  return heads.flatMap(({ lease, endpointId, url, deliveryId, attempts, eventId, type, at, data }) =>
    deliveryId === null
      ? []
      : [
          {
            lease,
            endpointId,
            url,
            deliveryId,
            attempts,
            event: { id: eventId, type, timestamp: toInstant(at), data },
          },
        ],
  );
}
