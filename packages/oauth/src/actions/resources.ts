import { MANAGEMENT_SCOPES } from '@bastionary/contracts/permissions';
import { newId } from '@bastionary/platform/ids';
import type { Reader, Transaction } from '@bastionary/prisma/client';

// Not the issuer's URL: a token's audience must stay true when the installation moves to another address.
export const MANAGEMENT_RESOURCE = 'urn:bastionary:management';
const DEFAULT_RESOURCE = 'urn:bastionary:default';

const BUILT_IN = [
  {
    identifier: DEFAULT_RESOURCE,
    name: 'Default API',
    scopes: { read: 'Read from your API', write: 'Write to your API' },
  },
  { identifier: MANAGEMENT_RESOURCE, name: 'Bastionary management API', scopes: MANAGEMENT_SCOPES },
];

/** Makes the resources that every installation has, and the scopes they lack. */
export async function ensureBuiltInResources(tx: Transaction): Promise<void> {
  for (const { identifier, name, scopes } of BUILT_IN) {
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

/** Every resource with its scopes. */
export async function listResources(db: Reader) {
  return db.resource.findMany({ orderBy: { createdAt: 'asc' }, include: { scopes: { orderBy: { name: 'asc' } } } });
}
