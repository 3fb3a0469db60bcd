import type { Entitlements } from '@bastionary/contracts/entitlements';
import type { Reader } from '@bastionary/prisma/client';
import { noSuchCustomer } from './facts.js';

interface StoredSnapshot {
  readonly epoch: number;
  readonly hash: string;
  readonly body: string;
}

/** A stored snapshot as it stands in answers. */
export function toEntitlements({ epoch, hash, body }: StoredSnapshot): Entitlements {
  const { customer, status, plans, features, valid_until } = JSON.parse(body) as Omit<Entitlements, 'epoch' | 'hash'>;
  return { customer, epoch, hash, status, plans, features, valid_until };
}

/**
 * The newest snapshot, and whether it has outlived itself: then it is to be settled before anybody relies on it.
 * @throws AppError not_found
 */
export async function newestEntitlements(
  db: Reader,
  customerId: string,
  now: Date,
): Promise<{ readonly entitlements: Entitlements; readonly overdue: boolean }> {
  const row = await db.snapshot.findUnique({ where: { customerId } });
  if (row === null) throw noSuchCustomer(customerId);
  return { entitlements: toEntitlements(row), overdue: row.validUntil !== null && row.validUntil <= now };
}

/** The snapshot in force at an instant; null before there was one. */
export async function entitlementsAt(db: Reader, customerId: string, at: Date): Promise<Entitlements | null> {
  const row = await db.snapshotHistory.findFirst({
    where: { customerId, at: { lte: at } },
    orderBy: { epoch: 'desc' },
  });
  return row === null ? null : toEntitlements(row);
}

/** The epochs of a customer, the newest first; one more than asked for if there are more. */
export function entitlementsHistory(db: Reader, customerId: string, page: { limit: number; before?: number }) {
  return db.snapshotHistory.findMany({
    where: { customerId, ...(page.before !== undefined && { epoch: { lt: page.before } }) },
    orderBy: { epoch: 'desc' },
    take: page.limit + 1,
  });
}

/** The customers whose snapshot should have changed by itself by now, the longest overdue first. */
export async function overdueCustomers(db: Reader, now: Date, limit: number): Promise<string[]> {
  const rows = await db.snapshot.findMany({
    where: { validUntil: { lte: now } },
    orderBy: { validUntil: 'asc' },
    take: limit,
    select: { customerId: true },
  });
  return rows.map(({ customerId }) => customerId);
}
