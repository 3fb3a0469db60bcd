import { EVENT_TYPES } from '@bastionary/contracts/events';
import { AppError } from '@bastionary/platform/app-error';
import { type Reader, sql } from '@bastionary/prisma/client';
import { matchesType } from '../rules/event-pattern.js';

export interface AttemptRow {
  readonly number: number;
  readonly at: Date;
  readonly durationMs: number;
  readonly responseStatus: number | null;
  readonly responseBody: Uint8Array | null;
  readonly error: string | null;
}

export interface DeliveryRow {
  readonly id: string;
  readonly seq: bigint;
  readonly eventId: string;
  readonly type: string;
  readonly at: Date;
  readonly data: string;
  readonly key: string;
  readonly status: string;
  readonly attempts: number;
  readonly replay: boolean;
  readonly replayedBy: string | null;
  readonly createdAt: Date;
  readonly nextAttemptAt: Date | null;
}

export interface DeliveryFilter {
  readonly status?: string | undefined;
  /** A type or pattern. */
  readonly eventType?: string | undefined;
  readonly eventId?: string | undefined;
  readonly key?: string | undefined;
  /** Only those before this `seq`. */
  readonly before?: bigint | undefined;
  readonly limit: number;
}

// Only the first of a lane has a time of its own, and while it is being attempted the lane's is that of the lease.
const columns = sql`
  delivery.id, delivery.seq, delivery.event_id AS "eventId", event.type, event.at, event.data, delivery.key,
  delivery.status, delivery.attempts, delivery.replay, delivery.replayed_by AS "replayedBy",
  delivery.created_at AS "createdAt", (
    SELECT lane.due_at FROM webhook_lane AS lane
    WHERE delivery.status = 'pending' AND lane.lease IS NULL
      AND lane.endpoint_id = delivery.endpoint_id AND lane.key = delivery.key AND NOT EXISTS (
        SELECT FROM webhook_delivery AS earlier
        WHERE earlier.endpoint_id = delivery.endpoint_id AND earlier.key = delivery.key
          AND earlier.status = 'pending' AND earlier.seq < delivery.seq)
  ) AS "nextAttemptAt"`;

/** One more than `limit` if there are more; the newest first. */
export async function listDeliveries(db: Reader, endpointId: string, filter: DeliveryFilter): Promise<DeliveryRow[]> {
  const { status = null, eventType, eventId = null, key = null, before = null, limit } = filter;
  const types =
    eventType === undefined ? null : Object.keys(EVENT_TYPES).filter((type) => matchesType([eventType], type));
  return db.$queryRaw<DeliveryRow[]>`
    SELECT ${columns} FROM webhook_delivery AS delivery JOIN outbox_event AS event ON event.id = delivery.event_id
    WHERE delivery.endpoint_id = ${endpointId}
      AND (${before}::bigint IS NULL OR delivery.seq < ${before}::bigint)
      AND (${status}::text IS NULL OR delivery.status = ${status}::text)
      AND (${eventId}::text IS NULL OR delivery.event_id = ${eventId}::text)
      AND (${key}::text IS NULL OR delivery.key = ${key}::text)
      AND (${types}::text[] IS NULL OR event.type = ANY(${types}::text[]))
    ORDER BY delivery.seq DESC LIMIT ${limit + 1}`;
}

/** @throws AppError not_found */
export async function getDelivery(db: Reader, endpointId: string, id: string): Promise<DeliveryRow> {
  const [row] = await db.$queryRaw<DeliveryRow[]>`
    SELECT ${columns} FROM webhook_delivery AS delivery JOIN outbox_event AS event ON event.id = delivery.event_id
    WHERE delivery.endpoint_id = ${endpointId} AND delivery.id = ${id}`;
  if (row === undefined) throw new AppError('not_found', `This endpoint has no delivery ${id}.`);
  return row;
}

/** The attempts of deliveries, by delivery, in their order. */
export async function attemptsOf(db: Reader, deliveryIds: readonly string[]): Promise<Map<string, AttemptRow[]>> {
  const rows = await db.webhookAttempt.findMany({
    where: { deliveryId: { in: [...deliveryIds] } },
    orderBy: { number: 'asc' },
  });
  return Map.groupBy(rows, ({ deliveryId }) => deliveryId);
}
