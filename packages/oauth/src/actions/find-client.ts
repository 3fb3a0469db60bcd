import { AppError } from '@bastionary/platform/app-error';
import type { Reader } from '@bastionary/prisma/client';

/**
 * The client and its credentials; a deleted one is not found.
 * @param own the customer whose it must be; null: anybody's, and the installation's
 * @throws AppError not_found
 */
export async function getClient(db: Reader, clientId: string, own: string | null = null) {
  const client = await db.client.findUnique({
    where: { clientId, ...(own !== null && { customerId: own }) },
    include: { credentials: { orderBy: { createdAt: 'asc' } } },
  });
  if (client === null || client.status === 'deleted')
    throw new AppError('not_found', `There is no client ${clientId}.`);
  return client;
}

export type ClientRow = Awaited<ReturnType<typeof getClient>>;

export interface ClientFilter {
  readonly limit: number;
  /** When the client before was made, and its id. */
  readonly after: { readonly at: Date; readonly id: string } | undefined;
  readonly search: string | undefined;
  readonly status: 'active' | 'suspended' | 'expired' | undefined;
  readonly now: Date;
}

/**
 * Clients, the newest first; one more than asked for if there are more.
 * @param own the customer whose they must be; null: anybody's, and the installation's
 */
export async function listClients(db: Reader, own: string | null, filter: ClientFilter) {
  // LIKE's own signs are meant as they stand.
  const contains = { contains: (filter.search ?? '').replaceAll(/[\\%_]/g, '\\$&'), mode: 'insensitive' as const };
  const { after, now } = filter;
  return db.client.findMany({
    where: {
      AND: [
        own === null ? {} : { customerId: own },
        whereStatus(filter.status, now),
        filter.search === undefined ? {} : { OR: [{ clientId: contains }, { name: contains }] },
        after === undefined
          ? {}
          : {
              OR: [{ createdAt: { lt: after.at } }, { createdAt: after.at, clientId: { lt: after.id } }],
            },
      ],
    },
    orderBy: [{ createdAt: 'desc' }, { clientId: 'desc' }],
    take: filter.limit + 1,
  });
}

// The same decision as rules/client-status, as a condition.
function whereStatus(status: ClientFilter['status'], now: Date) {
  const notPast = { OR: [{ expiry: null }, { expiry: { gt: now } }] };
  if (status === 'expired') return { status: { not: 'deleted' }, expiry: { lte: now } };
  if (status === 'suspended') return { status: 'suspended', ...notPast };
  if (status === 'active') return { status: { in: ['active', 'expired'] }, ...notPast };
  return { status: { not: 'deleted' } };
}
