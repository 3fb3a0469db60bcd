import { holdFeatures } from '@bastionary/entitlements/actions/facts';
import { AppError } from '@bastionary/platform/app-error';
import type { Reader, Transaction } from '@bastionary/prisma/client';

const NAMED = 5;

/** @throws AppError invalid_request, with the path of every client that does not exist */
export async function checkIntrospectors(db: Reader, clientIds: readonly string[]): Promise<void> {
  const known = await db.client.findMany({
    where: { clientId: { in: [...clientIds] }, status: { not: 'deleted' } },
    select: { clientId: true },
  });
  const ids = new Set(known.map(({ clientId }) => clientId));
  const faults = clientIds.flatMap((clientId, index) =>
    ids.has(clientId)
      ? []
      : [
          {
            path: `/introspection_clients/${index}`,
            code: 'unknown_client',
            message: `There is no client ${clientId}.`,
          },
        ],
  );
  if (faults.length > 0) {
    throw new AppError('invalid_request', 'A client that should introspect does not exist.', { faults });
  }
}

/**
 * Holds the features until the end of the transaction: none is deleted while a scope is just coming to need it.
 * @throws AppError invalid_request, with the path of every feature that does not exist
 */
export async function checkFeaturesExist(
  tx: Transaction,
  scopes: readonly { readonly feature?: string | null | undefined }[],
): Promise<void> {
  const needed = scopes.flatMap(({ feature }) => feature ?? []);
  if (needed.length === 0) return;
  await holdFeatures(tx);
  const known = await tx.feature.findMany({ where: { key: { in: needed } }, select: { key: true } });
  const keys = new Set(known.map(({ key }) => key));
  const faults = scopes.flatMap(({ feature }, index) =>
    !feature || keys.has(feature)
      ? []
      : [{ path: `/scopes/${index}/feature`, code: 'unknown_feature', message: `There is no feature ${feature}.` }],
  );
  if (faults.length > 0) {
    const message = 'A feature that a scope should need does not exist. GET /api/features lists them.';
    throw new AppError('invalid_request', message, { faults });
  }
}

/** The refusal of scopes that another resource owns, by the place they have in the request. */
export async function duplicateScopes(
  db: Reader,
  resourceId: string,
  asked: readonly { name: string }[],
): Promise<AppError> {
  const taken = await db.scope.findMany({
    where: { name: { in: asked.map(({ name }) => name) }, resourceId: { not: resourceId } },
    include: { resource: { select: { identifier: true } } },
  });
  const owners = new Map(taken.map(({ name, resource }) => [name, resource.identifier]));
  const faults = asked.flatMap(({ name }, index) =>
    owners.has(name)
      ? [{ path: `/scopes/${index}/name`, code: 'duplicate_scope', message: `belongs to ${owners.get(name)}` }]
      : [],
  );
  return new AppError(
    'duplicate_scope',
    `Scope names are unique in the installation; taken: ${[...owners.keys()].join(', ')}. Choose others, for example with a prefix.`,
    { faults },
  );
}

/** @throws AppError scope_in_use if a client, suspended or expired ones included, holds one of them */
export async function checkScopesUnused(db: Reader, scopes: readonly string[]): Promise<void> {
  if (scopes.length === 0) return;
  const where = { scopes: { hasSome: [...scopes] }, status: { not: 'deleted' } };
  const holders = await holdersOf(db, where);
  if (holders === null) return;
  const held = scopes.length === 1 ? `${scopes[0]} is held` : `Some of ${scopes.join(', ')} are held`;
  throw new AppError('scope_in_use', `${held} by ${holders}. Take the scope from them first.`);
}

/** @throws AppError resource_in_use if a client names it among its resources */
export async function checkResourceUnused(db: Reader, identifier: string): Promise<void> {
  const where = { resources: { array_contains: [identifier] }, status: { not: 'deleted' } };
  const holders = await holdersOf(db, where);
  if (holders !== null) {
    throw new AppError(
      'resource_in_use',
      `${identifier} is among the resources of ${holders}. Take it from them first.`,
    );
  }
}

async function holdersOf(db: Reader, where: NonNullable<Parameters<Reader['client']['findMany']>[0]>['where']) {
  const count = await db.client.count({ where });
  if (count === 0) return null;
  const some = await db.client.findMany({
    where,
    select: { clientId: true },
    orderBy: { clientId: 'asc' },
    take: NAMED,
  });
  const names = some.map(({ clientId }) => clientId).join(', ');
  const more = count > NAMED ? ` and ${count - NAMED} more` : '';
  return `${count === 1 ? 'the client' : `${count} clients:`} ${names}${more}`;
}
