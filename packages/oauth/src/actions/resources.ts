import type { AccessTokenFormat } from '@bastionary/contracts/client-metadata';
import { MANAGEMENT_SCOPES } from '@bastionary/contracts/permissions';
import type { Resource } from '@bastionary/contracts/resources';
import { toInstant } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import { newId } from '@bastionary/platform/ids';
import type { Reader, Transaction } from '@bastionary/prisma/client';

// Not the issuer's URL: a token's audience must stay true when the installation moves to another address.
export const MANAGEMENT_RESOURCE = 'urn:bastionary:management';
const DEFAULT_RESOURCE = 'urn:bastionary:default';

const FIRST = {
  identifier: DEFAULT_RESOURCE,
  name: 'Default API',
  scopes: { read: 'Read from your API', write: 'Write to your API' },
};
const BUILT_IN = { identifier: MANAGEMENT_RESOURCE, name: 'Bastionary management API', scopes: MANAGEMENT_SCOPES };

/**
 * Makes the management API, and the scopes that a newer release gives it; in a fresh installation also a first resource,
 * which from then on is the owner's to change or delete.
 */
export async function ensureBuiltInResources(tx: Transaction): Promise<void> {
  const isFresh = (await tx.resource.count()) === 0;
  for (const { identifier, name, scopes } of isFresh ? [FIRST, BUILT_IN] : [BUILT_IN]) {
    const resource = await tx.resource.upsert({
      where: { identifier },
      create: { id: newId('res'), identifier, name },
      update: {},
    });
    await tx.scope.createMany({
      data: Object.entries(scopes).map(([scope, description]) => ({
        name: scope,
        description,
        resourceId: resource.id,
      })),
      skipDuplicates: true,
    });
  }
}

const SCOPES = { scopes: { orderBy: { name: 'asc' } } } as const;

/** Every resource with its scopes. */
export async function listResources(db: Reader) {
  return db.resource.findMany({ orderBy: { createdAt: 'asc' }, include: SCOPES });
}

/** @throws AppError not_found */
export async function getResource(db: Reader, id: string) {
  const row = await db.resource.findUnique({ where: { id }, include: SCOPES });
  if (row === null) throw new AppError('not_found', `There is no resource ${id}.`);
  return row;
}

export type ResourceRow = Awaited<ReturnType<typeof getResource>>;

/** A resource as it stands in answers, and in the differences of audit records. */
export const toResource = (row: ResourceRow): Resource => ({
  id: row.id,
  identifier: row.identifier,
  name: row.name,
  scopes: row.scopes.map(({ name, description, feature }) => ({ name, description, feature })),
  access_token_ttl: row.accessTokenTtl,
  access_token_format: row.accessTokenFormat as AccessTokenFormat | null,
  dpop_required: row.dpopRequired,
  introspection_clients: row.introspectors,
  built_in: row.identifier === MANAGEMENT_RESOURCE,
  created_at: toInstant(row.createdAt),
  updated_at: toInstant(row.updatedAt),
});
