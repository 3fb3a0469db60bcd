import { EVENT_TYPES } from '@bastionary/contracts/events';
import type { ReplayRequest } from '@bastionary/contracts/webhooks';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import type { Transaction } from '@bastionary/prisma/client';
import canonicalize from 'canonicalize';
import { matchesType } from '../rules/event-pattern.js';
import { type EndpointRow, lockEndpoint } from './endpoints.js';
import { enqueue } from './enqueue.js';

interface Found {
  readonly eventId: string;
  readonly key: string;
  /** The dead letter it replays. */
  readonly deadId: string | null;
}

/**
 * Sends again: one delivery, or what happened in a range of time, whether it was delivered then or not. It follows what is
 * pending. One that is pending itself is not made again, but tried at once.
 * @param max events in one range
 * @returns how many deliveries were made
 * @throws AppError not_found, webhook_disabled, invalid_request (too many)
 */
export async function replay(
  tx: Transaction,
  origin: Origin,
  endpointId: string,
  request: ReplayRequest,
  max: number,
): Promise<number> {
  const endpoint = await enabledEndpoint(tx, endpointId);
  const { delivery_id: deliveryId, ...range } = request;
  const found =
    deliveryId === undefined ? await inRange(tx, endpoint, range, max) : await one(tx, endpointId, deliveryId);
  const wanted = found.map(({ eventId, key }) => ({ endpointId, eventId, key }));
  const ids = await enqueue(tx, wanted, true);
  const dead = found.flatMap(({ deadId }, index) => (deadId === null ? [] : [{ deadId, by: ids[index] ?? null }]));
  await tx.$executeRaw`
    UPDATE webhook_delivery AS delivery SET replayed_by = made.replayed_by
    FROM unnest(${dead.map(({ deadId }) => deadId)}::text[], ${dead.map(({ by }) => by)}::text[]) AS made (id, replayed_by)
    WHERE delivery.id = made.id`;
  await appendAudit(tx, origin, {
    action: 'webhook_endpoint.replayed',
    target: `webhook_endpoint:${endpointId}`,
    detail: { ...request, deliveries: ids.length },
  });
  return ids.length;
}

/** @throws AppError not_found, webhook_disabled */
async function enabledEndpoint(tx: Transaction, id: string): Promise<EndpointRow> {
  const endpoint = await lockEndpoint(tx, id);
  if (endpoint.enabled) return endpoint;
  throw new AppError('webhook_disabled', 'A disabled endpoint gets nothing. Enable it first: PATCH {"enabled":true}.');
}

async function one(tx: Transaction, endpointId: string, id: string): Promise<Found[]> {
  const row = await tx.webhookDelivery.findUnique({ where: { id, endpointId } });
  if (row === null) throw new AppError('not_found', `This endpoint has no delivery ${id}.`);
  const { eventId, key, status, replayedBy } = row;
  if (status !== 'pending') return [{ eventId, key, deadId: status === 'dead' && replayedBy === null ? id : null }];
  await tx.$executeRaw`
    UPDATE webhook_lane SET due_at = clock_timestamp()
    WHERE endpoint_id = ${endpointId} AND key = ${key} AND lease IS NULL AND due_at > clock_timestamp()`;
  return [];
}

async function inRange(
  tx: Transaction,
  { id, eventTypes }: EndpointRow,
  { from = '', to = '', types = eventTypes, dead_only = false }: Omit<ReplayRequest, 'delivery_id'>,
  max: number,
): Promise<Found[]> {
  const [begin, end] = [new Date(from), new Date(to)];
  const named = Object.keys(EVENT_TYPES).filter((type) => type !== 'webhook.test' && matchesType(types, type));
  const found = dead_only
    ? await tx.$queryRaw<Found[]>`
        SELECT event.id AS "eventId", event.key, delivery.id AS "deadId"
        FROM webhook_delivery AS delivery JOIN outbox_event AS event ON event.id = delivery.event_id
        WHERE delivery.endpoint_id = ${id} AND delivery.status = 'dead' AND delivery.replayed_by IS NULL
          AND event.at >= ${begin} AND event.at < ${end} AND event.type = ANY(${named}::text[])
        ORDER BY delivery.seq LIMIT ${max + 1}`
    : await tx.$queryRaw<Found[]>`
        SELECT id AS "eventId", key, NULL AS "deadId" FROM outbox_event
        WHERE at >= ${begin} AND at < ${end} AND type = ANY(${named}::text[]) AND relayed_at IS NOT NULL
        ORDER BY seq LIMIT ${max + 1}`;
  if (found.length <= max) return found;
  const message = `covers more than ${max} events; take a shorter range, or fewer types`;
  throw new AppError('invalid_request', `The range ${message}.`, {
    faults: [{ path: '/to', code: 'too_many_events', message }],
  });
}

/**
 * Sends a `webhook.test` to one endpoint, whatever it subscribed to.
 * @returns the id of the delivery
 * @throws AppError not_found, webhook_disabled
 */
export async function sendTestEvent(tx: Transaction, origin: Origin, endpointId: string): Promise<string> {
  await enabledEndpoint(tx, endpointId);
  const eventId = newId('evt');
  const target = `webhook_endpoint:${endpointId}`;
  // A key of its own: it waits for nothing.
  const key = `${target}:test:${eventId}`;
  const data = canonicalize({ webhook_id: endpointId, message: 'This is a test.' }) ?? '{}';
  // Relayed already: it is for nobody else.
  await tx.$executeRaw`
    INSERT INTO outbox_event (id, type, key, data, at, relayed_at)
    VALUES (${eventId}, 'webhook.test', ${key}, ${data}, clock_timestamp(), clock_timestamp())`;
  await appendAudit(tx, origin, { action: 'webhook_endpoint.tested', target, detail: { event: eventId } });
  const [id = ''] = await enqueue(tx, [{ endpointId, eventId, key }], true);
  return id;
}
