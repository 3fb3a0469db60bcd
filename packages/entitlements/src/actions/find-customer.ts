import type { Customer, CustomerStatus } from '@bastionary/contracts/customers';
import { toInstant } from '@bastionary/contracts/text';
import type { Reader } from '@bastionary/prisma/client';
import { noSuchCustomer } from './facts.js';

/** @throws AppError not_found */
export async function getCustomer(db: Reader, customerId: string) {
  const row = await db.customer.findUnique({ where: { id: customerId } });
  if (row === null) throw noSuchCustomer(customerId);
  return row;
}

export type CustomerRow = Awaited<ReturnType<typeof getCustomer>>;

/** A customer as it stands in answers. */
export const toCustomer = (row: CustomerRow): Customer => ({
  id: row.id,
  name: row.name,
  email: row.email,
  currency: row.currency,
  country: row.country,
  time_zone: row.timeZone,
  tax_id: row.taxId,
  external_id: row.externalId,
  metadata: row.metadata as Record<string, string>,
  status: row.status as CustomerStatus,
  created_at: toInstant(row.createdAt),
  updated_at: toInstant(row.updatedAt),
});

export interface CustomerFilter {
  readonly limit: number;
  readonly after: { readonly at: Date; readonly id: string } | undefined;
  readonly search: string | undefined;
  readonly status: CustomerStatus | undefined;
}

/**
 * Customers, the newest first; one more than asked for if there are more.
 * @param own the only one that may be among them; null: any
 */
export async function listCustomers(db: Reader, own: string | null, { limit, after, search, status }: CustomerFilter) {
  // LIKE's own signs are meant as they stand.
  const contains = { contains: (search ?? '').replaceAll(/[\\%_]/g, '\\$&'), mode: 'insensitive' as const };
  return db.customer.findMany({
    where: {
      AND: [
        own === null ? {} : { id: own },
        status === undefined ? {} : { status },
        search === undefined
          ? {}
          : { OR: [{ name: contains }, { email: contains }, { externalId: contains }, { id: search.toLowerCase() }] },
        after === undefined
          ? {}
          : { OR: [{ createdAt: { lt: after.at } }, { createdAt: after.at, id: { lt: after.id } }] },
      ],
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
  });
}
