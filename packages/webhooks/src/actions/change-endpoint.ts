import type { CreateWebhookRequest, UpdateWebhookRequest } from '@bastionary/contracts/webhooks';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import type { KeyEncryptionKeys } from '@bastionary/platform/seal';
import type { Transaction } from '@bastionary/prisma/client';
import { checkUrl } from './check-url.js';
import { type EndpointRow, getEndpoint, lockEndpoint } from './endpoints.js';
import { addSecret, endSecrets } from './signing-secrets.js';

export interface EndpointTerms {
  /** Addresses and CIDRs that endpoints may lead to besides public ones. */
  readonly allowPrivate: readonly string[];
  readonly endpointsMax: number;
}

export interface EndpointWithSecret {
  readonly row: EndpointRow;
  /** To be shown once. */
  readonly secret: string;
}

const targetOf = (id: string): string => `webhook_endpoint:${id}`;

/**
 * Registers an endpoint. It gets what happens from now on.
 * @throws AppError invalid_request (the URL leads nowhere it may, or there are too many)
 */
export async function createEndpoint(
  tx: Transaction,
  origin: Origin,
  request: CreateWebhookRequest,
  { allowPrivate, endpointsMax }: EndpointTerms,
  keys: KeyEncryptionKeys,
  now: Date,
): Promise<EndpointWithSecret> {
  checkUrl(request.url, allowPrivate);
  if ((await tx.webhookEndpoint.count({ where: { removedAt: null } })) >= endpointsMax) {
    const message = `There are ${endpointsMax} webhook endpoints, and there may be no more. Delete one first.`;
    throw new AppError('invalid_request', message, { faults: [{ path: '', code: 'too_many_webhooks', message }] });
  }
  const id = newId('whe');
  const { url, description, event_types, enabled } = request;
  // By the clock that also dates events: what happens next is later than this.
  await tx.$executeRaw`
    INSERT INTO webhook_endpoint (id, url, description, event_types, enabled, disabled_reason, listens_since,
      created_at, updated_at)
    VALUES (${id}, ${url}, ${description ?? null}, ${[...new Set(event_types)]}::text[], ${enabled},
      ${enabled ? null : 'operator'}, clock_timestamp(), clock_timestamp(), clock_timestamp())`;
  const secret = await addSecret(tx, id, keys, now);
  const detail = { url, event_types, enabled };
  await appendAudit(tx, origin, { action: 'webhook_endpoint.created', target: targetOf(id), detail });
  return { row: await getEndpoint(tx, id), secret };
}

/**
 * Changes an endpoint. What stays the same is not written, and leaves no record. Enabled again, it gets first what was
 * still pending, and nothing of what happened meanwhile.
 * @throws AppError not_found, version_mismatch, invalid_request
 */
export async function updateEndpoint(
  tx: Transaction,
  origin: Origin,
  id: string,
  change: UpdateWebhookRequest,
  ifVersion: number | undefined,
  { allowPrivate }: EndpointTerms,
  now: Date,
): Promise<EndpointRow> {
  const before = await lockEndpoint(tx, id, ifVersion);
  if (change.url !== undefined) checkUrl(change.url, allowPrivate);
  const old = viewOf(before);
  const fresh = {
    url: change.url ?? old.url,
    description: change.description === undefined ? old.description : change.description,
    event_types: [...new Set(change.event_types ?? old.event_types)],
    enabled: change.enabled ?? old.enabled,
  };
  const changed = (Object.keys(old) as (keyof typeof old)[]).filter(
    (key) => JSON.stringify(old[key]) !== JSON.stringify(fresh[key]),
  );
  if (changed.length === 0) return before;

  await tx.webhookEndpoint.update({
    where: { id },
    data: {
      url: fresh.url,
      description: fresh.description,
      eventTypes: fresh.event_types,
      ...(changed.includes('enabled') && {
        enabled: fresh.enabled,
        disabledReason: fresh.enabled ? null : 'operator',
        failingSince: null,
      }),
      updatedAt: now,
      version: { increment: 1 },
    },
  });
  if (changed.includes('enabled') && fresh.enabled) {
    await tx.$executeRaw`UPDATE webhook_endpoint SET listens_since = clock_timestamp() WHERE id = ${id}`;
  }
  const detail = Object.fromEntries(changed.map((key) => [key, { from: old[key], to: fresh[key] }]));
  await appendAudit(tx, origin, { action: 'webhook_endpoint.changed', target: targetOf(id), detail });
  return getEndpoint(tx, id);
}

const viewOf = ({ url, description, eventTypes, enabled }: EndpointRow) => ({
  url,
  description,
  event_types: eventTypes,
  enabled,
});

/**
 * Removes an endpoint. No attempt begins any more, secrets are destroyed; its deliveries go in the background, since there
 * may be millions.
 * @throws AppError not_found, version_mismatch
 */
export async function deleteEndpoint(
  tx: Transaction,
  origin: Origin,
  id: string,
  ifVersion: number | undefined,
  now: Date,
): Promise<void> {
  const { url } = await lockEndpoint(tx, id, ifVersion);
  await tx.webhookSecret.deleteMany({ where: { endpointId: id } });
  await tx.webhookEndpoint.update({
    where: { id },
    data: { enabled: false, disabledReason: 'operator', removedAt: now, updatedAt: now, version: { increment: 1 } },
  });
  await appendAudit(tx, origin, { action: 'webhook_endpoint.deleted', target: targetOf(id), detail: { url } });
}

/**
 * Gives an endpoint a new signing secret. Until the overlap ends, deliveries carry a signature of the old one as well.
 * @throws AppError not_found
 */
export async function rotateSigningSecret(
  tx: Transaction,
  origin: Origin,
  id: string,
  overlapSeconds: number,
  keys: KeyEncryptionKeys,
  now: Date,
): Promise<EndpointWithSecret> {
  await lockEndpoint(tx, id);
  await endSecrets(tx, id, new Date(now.getTime() + overlapSeconds * 1_000), now);
  const secret = await addSecret(tx, id, keys, now);
  await tx.webhookEndpoint.update({ where: { id }, data: { updatedAt: now, version: { increment: 1 } } });
  await appendAudit(tx, origin, {
    action: 'webhook_endpoint.secret_rotated',
    target: targetOf(id),
    detail: { overlap_seconds: overlapSeconds },
  });
  return { row: await getEndpoint(tx, id), secret };
}
