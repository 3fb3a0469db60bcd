import type { CreateResourceRequest, Resource, UpdateResourceRequest } from '@bastionary/contracts/resources';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { announce } from '@bastionary/platform/changes';
import { newId } from '@bastionary/platform/ids';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Transaction } from '@bastionary/prisma/client';
import { raiseNotBefore } from './not-before.js';
import {
  checkFeaturesExist,
  checkIntrospectors,
  checkResourceUnused,
  checkScopesUnused,
  duplicateScopes,
} from './resource-checks.js';
import { getResource, MANAGEMENT_RESOURCE, type ResourceRow, toResource } from './resources.js';

type Scope = CreateResourceRequest['scopes'][number];

/**
 * Registers a protected API and its scopes.
 * @throws AppError duplicate_resource, duplicate_scope, invalid_request (an introspection client or a feature that does
 * not exist)
 */
export async function createResource(
  tx: Transaction,
  origin: Origin,
  request: CreateResourceRequest,
  now: Date,
): Promise<ResourceRow> {
  const { identifier, introspection_clients: introspectors = [] } = request;
  await checkIntrospectors(tx, introspectors);
  await checkFeaturesExist(tx, request.scopes);
  const row = {
    id: newId('res'),
    identifier,
    name: request.name ?? identifier,
    accessTokenTtl: request.access_token_ttl ?? null,
    accessTokenFormat: request.access_token_format ?? null,
    dpopRequired: request.dpop_required ?? false,
    introspectors: [...new Set(introspectors)],
    createdAt: now,
    updatedAt: now,
  };
  const inserted = await tx.resource.createMany({ data: row, skipDuplicates: true });
  if (inserted.count === 0) {
    const message = `There is a resource ${identifier} already. GET /api/resources lists it.`;
    throw new AppError('duplicate_resource', message, {
      faults: [{ path: '/identifier', code: 'duplicate_resource', message: 'is taken' }],
    });
  }
  await addScopes(tx, row.id, request.scopes, request.scopes);
  await announce(tx, { kind: 'resources' });
  const made = await getResource(tx, row.id);
  const { id, built_in, created_at, updated_at, identifier: _, ...detail } = toResource(made);
  await appendAudit(tx, origin, { action: 'resource.created', target: `resource:${identifier}`, detail });
  await appendEvent(tx, resourceEvent('resource.created', made, { name: made.name }));
  return made;
}

/**
 * Changes a resource's name, scopes or token settings; `scopes` is the whole new list. What stays the same is not
 * written, and leaves no record.
 * @param ifVersion the version the caller has seen; undefined if it does not care
 * @throws AppError not_found, version_mismatch, duplicate_scope, scope_in_use, invalid_request
 */
export async function updateResource(
  tx: Transaction,
  origin: Origin,
  id: string,
  change: UpdateResourceRequest,
  ifVersion: number | undefined,
  now: Date,
): Promise<ResourceRow> {
  if (change.scopes !== undefined) await checkFeaturesExist(tx, change.scopes);
  const before = await lockResource(tx, id, ifVersion);
  const { introspection_clients: introspectors } = change;
  if (introspectors !== undefined) await checkIntrospectors(tx, introspectors);
  if (change.scopes !== undefined) await changeScopes(tx, before, change.scopes);
  await tx.resource.update({
    where: { id },
    data: {
      name: change.name,
      accessTokenTtl: change.access_token_ttl,
      accessTokenFormat: change.access_token_format,
      dpopRequired: change.dpop_required,
      ...(introspectors && { introspectors: [...new Set(introspectors)] }),
    },
  });
  const changes = difference(toResource(before), toResource(await getResource(tx, id)));
  if (Object.keys(changes).length === 0) return before;

  await tx.resource.update({ where: { id }, data: { updatedAt: now, version: { increment: 1 } } });
  await announce(tx, { kind: 'resources' });
  const target = `resource:${before.identifier}`;
  await appendAudit(tx, origin, { action: 'resource.changed', target, detail: changes });
  await appendEvent(tx, resourceEvent('resource.changed', before, { changes }));
  return getResource(tx, id);
}

/**
 * Deletes a resource that no client has to do with. Tokens once issued for it are dead: whoever registers the identifier
 * again must not be shown them.
 * @throws AppError not_found, version_mismatch, scope_in_use, resource_in_use
 */
export async function deleteResource(
  tx: Transaction,
  origin: Origin,
  id: string,
  ifVersion: number | undefined,
  now: Date,
): Promise<void> {
  const before = await lockResource(tx, id, ifVersion);
  const { identifier, name } = before;
  if (identifier === MANAGEMENT_RESOURCE) {
    throw new AppError('resource_in_use', 'The management API is part of the installation; it cannot be deleted.');
  }
  const scopes = before.scopes.map((scope) => scope.name);
  await tx.scope.deleteMany({ where: { resourceId: id } });
  await tx.resource.delete({ where: { id } });
  await checkScopesUnused(tx, scopes);
  await checkResourceUnused(tx, identifier);
  await announce(tx, { kind: 'resources' });
  await raiseNotBefore(tx, origin, 'resource', identifier, now, now);
  const target = `resource:${identifier}`;
  await appendAudit(tx, origin, { action: 'resource.deleted', target, detail: { name, scopes } });
  await appendEvent(tx, resourceEvent('resource.deleted', before, { name }));
}

const resourceEvent = (
  type: 'resource.created' | 'resource.changed' | 'resource.deleted',
  { id, identifier }: ResourceRow,
  data: Record<string, unknown>,
) => ({ type, key: `resource:${id}`, data: { id, identifier, ...data } });

// Waits for other changes of this resource, so that each sees what the one before left.
async function lockResource(tx: Transaction, id: string, ifVersion: number | undefined): Promise<ResourceRow> {
  await tx.$executeRaw`SELECT 1 FROM resource WHERE id = ${id} FOR UPDATE`;
  const row = await getResource(tx, id);
  if (ifVersion !== undefined && ifVersion !== row.version) {
    throw new AppError(
      'version_mismatch',
      'Somebody changed this resource since you read it. Read it again and repeat the change.',
    );
  }
  return row;
}

async function changeScopes(tx: Transaction, before: ResourceRow, scopes: readonly Scope[]): Promise<void> {
  const had = new Map(before.scopes.map((scope) => [scope.name, scope]));
  const wanted = new Set(scopes.map(({ name }) => name));
  const added = scopes.filter(({ name }) => !had.has(name));
  const removed = [...had.keys()].filter((name) => !wanted.has(name));
  const changed = scopes.flatMap(({ name, description, feature }) => {
    const old = had.get(name);
    // What is left out stays: a list from before there were features must not open what needs one.
    const wish = { name, description, feature: feature === undefined ? (old?.feature ?? null) : feature };
    return old && (old.description !== description || old.feature !== wish.feature) ? [wish] : [];
  });
  if (before.identifier === MANAGEMENT_RESOURCE && added.length + removed.length + changed.length > 0) {
    const message = 'of the management API are fixed; leave scopes out';
    throw new AppError('invalid_request', `The scopes ${message}.`, {
      faults: [{ path: '/scopes', code: 'built_in', message }],
    });
  }
  // Removed first, looked for afterwards: a client that is just being given one has the scope locked until it is done.
  await tx.scope.deleteMany({ where: { name: { in: removed } } });
  await checkScopesUnused(tx, removed);
  for (const { name, ...data } of changed) await tx.scope.update({ where: { name }, data });
  await addScopes(tx, before.id, added, scopes);
}

async function addScopes(
  tx: Transaction,
  resourceId: string,
  added: readonly Scope[],
  asked: readonly Scope[],
): Promise<void> {
  // In one order everywhere: two that add the same scopes must not wait for each other.
  const data = added
    .map(({ name, description, feature = null }) => ({ name, description, feature, resourceId }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
  const { count } = await tx.scope.createMany({ data, skipDuplicates: true });
  if (count < data.length) throw await duplicateScopes(tx, resourceId, asked);
}

function difference(before: Resource, after: Resource): Record<string, { from: unknown; to: unknown }> {
  const changed = (Object.keys(before) as (keyof Resource)[]).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  return Object.fromEntries(changed.map((key) => [key, { from: before[key], to: after[key] }]));
}
