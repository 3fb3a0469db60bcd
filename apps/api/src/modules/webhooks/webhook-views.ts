import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import type { Webhook, WebhookDelivery, WebhookDeliveryDetail } from '@bastionary/contracts/webhooks';
import type { AttemptRow, DeliveryRow } from '@bastionary/webhooks/actions/deliveries';
import type { Backlog, EndpointRow } from '@bastionary/webhooks/actions/endpoints';
import { eventBody } from '@bastionary/webhooks/rules/signed-event';

export function toWebhook(row: EndpointRow, backlog: Backlog | undefined, now: number): Webhook {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    event_types: row.eventTypes,
    enabled: row.enabled,
    disabled_reason: row.disabledReason as Webhook['disabled_reason'],
    failing_since: toInstantOrNull(row.failingSince),
    secrets: row.secrets
      .filter(({ expiresAt }) => expiresAt === null || expiresAt.getTime() > now)
      .map(({ id, createdAt, expiresAt }) => ({
        id,
        created_at: toInstant(createdAt),
        expires_at: toInstantOrNull(expiresAt),
      })),
    pending: backlog?.pending ?? 0,
    dead: backlog?.dead ?? 0,
    created_at: toInstant(row.createdAt),
    updated_at: toInstant(row.updatedAt),
  };
}

export function toDelivery(row: DeliveryRow, log: readonly AttemptRow[]): WebhookDelivery {
  const last = log.at(-1);
  return {
    id: row.id,
    event_id: row.eventId,
    event_type: row.type,
    key: row.key,
    status: row.status as WebhookDelivery['status'],
    replay: row.replay,
    replayed_by: row.replayedBy,
    attempts: row.attempts,
    last_attempt: last === undefined ? null : toAttempt(last),
    next_attempt_at: toInstantOrNull(row.nextAttemptAt),
    created_at: toInstant(row.createdAt),
  };
}

export function toDeliveryDetail(row: DeliveryRow, log: readonly AttemptRow[]): WebhookDeliveryDetail {
  const { eventId: id, type, at, data } = row;
  const payload = eventBody({ id, type, timestamp: toInstant(at), data });
  return { ...toDelivery(row, log), log: log.map(toAttempt), payload };
}

const toAttempt = (row: AttemptRow): WebhookDeliveryDetail['log'][number] => ({
  number: row.number,
  at: toInstant(row.at),
  duration_ms: row.durationMs,
  response_status: row.responseStatus,
  response_body: row.responseBody === null ? null : Buffer.from(row.responseBody).toString(),
  error: row.error,
});
