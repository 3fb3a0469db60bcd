import type { CustomerStatus } from '@bastionary/contracts/customers';
import type { Entitlements } from '@bastionary/contracts/entitlements';
import { announce } from '@bastionary/platform/changes';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { resolve } from '../rules/resolve.js';
import { snapshotBytes } from '../rules/snapshot.js';
import { loadCustomerFacts, lockCustomer } from './facts.js';

/** What a change of entitlements means for those who must change with it. */
export interface EntitlementChange {
  readonly customerId: string;
  readonly before: Entitlements | null;
  readonly after: Entitlements;
  /** The action that caused it, for example `subscription.updated`. */
  readonly cause: string;
  readonly at: Date;
}

/** Another room that changes together with the snapshot, in the same transaction. */
export type Follow = (tx: Transaction, change: EntitlementChange) => Promise<void>;

/** What surrounds every change of entitlements. */
export interface Causes {
  readonly cause: string;
  readonly now: Date;
  readonly followers: readonly Follow[];
}

/**
 * Resolves what a customer may do and, if that differs from before, writes it: snapshot, history, news for every process,
 * and whoever follows. To be called in the transaction of the change, after the change.
 * @returns the change, or null if nothing changed
 * @throws AppError not_found
 */
export async function refreshEntitlements(
  tx: Transaction,
  customerId: string,
  { cause, now, followers }: Causes,
): Promise<EntitlementChange | null> {
  await lockCustomer(tx, customerId);
  const resolved = resolve(await loadCustomerFacts(tx, customerId), now.getTime());
  const { body, hash } = snapshotBytes(resolved);
  const old = await tx.snapshot.findUnique({ where: { customerId } });
  if (old?.hash === hash) return null;

  const epoch = (old?.epoch ?? 0) + 1;
  const row = { epoch, hash, body, at: now };
  const validUntil = resolved.validUntil === null ? null : new Date(resolved.validUntil);
  await tx.snapshot.upsert({
    where: { customerId },
    create: { customerId, ...row, validUntil },
    update: { ...row, validUntil },
  });
  await tx.snapshotHistory.create({ data: { customerId, ...row, cause } });
  await announce(tx, { kind: 'customer', customerId, epoch });
  const change = {
    customerId,
    before: old === null ? null : toEntitlements(old),
    after: toEntitlements({ ...row, customerId }),
    cause,
    at: now,
  };
  for (const follow of followers) await follow(tx, change);
  return change;
}

interface StoredSnapshot {
  readonly epoch: number;
  readonly hash: string;
  readonly body: string;
}

/** A stored snapshot as it stands in answers. */
export function toEntitlements({ epoch, hash, body }: StoredSnapshot & { customerId?: string }): Entitlements {
  const { customer, status, plans, features, valid_until } = JSON.parse(body) as Omit<Entitlements, 'epoch' | 'hash'>;
  return { customer, epoch, hash, status: status as CustomerStatus, plans, features, valid_until };
}

/** The snapshot in force at an instant; null before there was one. */
export async function entitlementsAt(db: Reader, customerId: string, at: Date): Promise<Entitlements | null> {
  const row = await db.snapshotHistory.findFirst({
    where: { customerId, at: { lte: at } },
    orderBy: { epoch: 'desc' },
  });
  return row === null ? null : toEntitlements(row);
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
