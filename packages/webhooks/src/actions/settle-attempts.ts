import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Transaction } from '@bastionary/prisma/client';
import type { Outcome } from '../rules/attempt-outcome.js';
import type { Claim } from './claim-deliveries.js';

const DAY_MS = 86_400_000;

/** What came of a claim. */
export interface Settled {
  readonly claim: Claim;
  readonly at: Date;
  readonly durationMs: number;
  readonly status: number | null;
  /** The beginning of the answer; null if there was none. */
  readonly body: Buffer | null;
  readonly outcome: Outcome;
  /** Milliseconds to the next attempt if this one failed; null: it was the last. */
  readonly retryInMs: number | null;
}

/**
 * Writes what attempts have shown, and sets their lanes free. What came too late, after the lease went to another worker,
 * is not written: that one will tell.
 * @returns how many came too late
 */
export async function settleAttempts(
  tx: Transaction,
  origin: Origin,
  settled: readonly Settled[],
  disableAfterDays: number,
  now: Date,
): Promise<number> {
  if (settled.length === 0) return 0;
  await judgeEndpoints(tx, origin, settled, disableAfterDays, now);
  const leases = settled.map(({ claim }) => claim.lease);
  const held = await tx.$queryRaw<{ lease: string }[]>`
    SELECT lease FROM webhook_lane WHERE lease = ANY(${leases}::text[]) ORDER BY endpoint_id, key FOR UPDATE`;
  const ours = new Set(held.map(({ lease }) => lease));
  const kept = settled.filter(({ claim }) => ours.has(claim.lease));
  if (kept.length === 0) return settled.length;
  await writeAttempts(tx, kept);
  await freeLanes(tx, kept);
  return settled.length - kept.length;
}

async function writeAttempts(tx: Transaction, kept: readonly Settled[]): Promise<void> {
  const ids = kept.map(({ claim }) => claim.deliveryId);
  const numbers = kept.map(({ claim }) => claim.attempts + 1);
  await tx.webhookAttempt.createMany({
    data: kept.map(({ claim, at, durationMs, status, body, outcome }) => ({
      deliveryId: claim.deliveryId,
      number: claim.attempts + 1,
      at,
      durationMs,
      responseStatus: status,
      responseBody: body === null ? null : new Uint8Array(body),
      error: outcome.error,
    })),
  });
  const states = kept.map(({ outcome, retryInMs }) =>
    outcome.delivered ? 'delivered' : retryInMs === null ? 'dead' : 'pending',
  );
  await tx.$executeRaw`
    UPDATE webhook_delivery AS delivery SET status = made.status, attempts = made.attempts
    FROM unnest(${ids}::text[], ${states}::text[], ${numbers}::int[]) AS made (id, status, attempts)
    WHERE delivery.id = made.id`;
}

// A new statement each, so that it sees what was queued until the lanes were locked.
async function freeLanes(tx: Transaction, kept: readonly Settled[]): Promise<void> {
  const leases = kept.map(({ claim }) => claim.lease);
  const pauses = kept.map(({ outcome, retryInMs }) => (outcome.delivered ? 0 : (retryInMs ?? 0)));
  await tx.$executeRaw`
    DELETE FROM webhook_lane AS lane WHERE lease = ANY(${leases}::text[]) AND NOT EXISTS (
      SELECT FROM webhook_delivery AS delivery
      WHERE delivery.endpoint_id = lane.endpoint_id AND delivery.key = lane.key AND delivery.status = 'pending')`;
  await tx.$executeRaw`
    UPDATE webhook_lane AS lane
    SET lease = NULL, due_at = clock_timestamp() + make_interval(secs => made.pause / 1000.0)
    FROM unnest(${leases}::text[], ${pauses}::int[]) AS made (lease, pause) WHERE lane.lease = made.lease`;
}

/** Notes since when endpoints fail, and disables those that do for days or say that they are gone. Locks them first. */
async function judgeEndpoints(
  tx: Transaction,
  origin: Origin,
  settled: readonly Settled[],
  disableAfterDays: number,
  now: Date,
): Promise<void> {
  const ids = [...new Set(settled.map(({ claim }) => claim.endpointId))];
  const rows = await tx.$queryRaw<{ id: string; url: string; failingSince: Date | null; enabled: boolean }[]>`
    SELECT id, url, failing_since AS "failingSince", enabled FROM webhook_endpoint
    WHERE id = ANY(${ids}::text[]) AND removed_at IS NULL ORDER BY id FOR NO KEY UPDATE`;
  for (const { id, url, failingSince, enabled } of rows) {
    const outcomes = settled.filter(({ claim }) => claim.endpointId === id).map(({ outcome }) => outcome);
    const since = outcomes.some(({ delivered }) => delivered) ? null : (failingSince ?? now);
    if (since?.getTime() !== failingSince?.getTime()) {
      await tx.webhookEndpoint.update({ where: { id }, data: { failingSince: since } });
    }
    const isGone = outcomes.some(({ gone }) => gone);
    const isHopeless = since !== null && now.getTime() - since.getTime() >= disableAfterDays * DAY_MS;
    if (!enabled || !(isGone || isHopeless)) continue;
    const reason = isGone ? 'gone' : 'failing';
    await tx.webhookEndpoint.update({
      where: { id },
      data: { enabled: false, disabledReason: reason, updatedAt: now, version: { increment: 1 } },
    });
    const target = `webhook_endpoint:${id}`;
    const detail = { url, reason, failing_since: (since ?? now).toISOString() };
    await appendAudit(tx, origin, { action: 'webhook_endpoint.disabled', target, detail });
    await appendEvent(tx, { type: 'webhook_endpoint.disabled', key: target, data: { id, ...detail } });
  }
}
