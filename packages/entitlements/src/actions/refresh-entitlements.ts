import type { Entitlements } from '@bastionary/contracts/entitlements';
import { announceAll } from '@bastionary/platform/changes';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Transaction } from '@bastionary/prisma/client';
import { entitlementsEvent } from '../rules/customer-event.js';
import { resolve } from '../rules/resolve.js';
import { snapshotBytes } from '../rules/snapshot.js';
import { loadFacts, lockCustomer, lockCustomers } from './facts.js';
import { overdueCustomers, toEntitlements } from './find-entitlements.js';

/** What a change of entitlements means for those who must change with it. */
export interface EntitlementChange {
  readonly customerId: string;
  readonly before: Entitlements | null;
  readonly after: Entitlements;
  /** The action that caused it, for example `subscription.updated`; `time.passed` if it fell due by itself. */
  readonly cause: string;
  readonly at: Date;
}

/**
 * Another room that changes together with the snapshot, in the same transaction. It is asked at every change of one
 * customer, also where the snapshot stays as it is (`before` equals `after`): what a subscription gives may have become
 * more or less of the same, as with another quantity.
 */
export type Follow = (tx: Transaction, change: EntitlementChange) => Promise<void>;

/** What surrounds every change of entitlements. */
export interface Causes {
  readonly cause: string;
  readonly now: Date;
  readonly followers: readonly Follow[];
}

/**
 * Resolves what a customer may do and, if that differs from before, writes it: snapshot, history, news for every process,
 * event, and whoever follows. To be called in the transaction of the change, after the change.
 * @returns the change, or null if nothing changed
 * @throws AppError not_found
 */
export async function refreshEntitlements(
  tx: Transaction,
  customerId: string,
  causes: Causes,
): Promise<EntitlementChange | null> {
  const [change] = await refreshMany(tx, [customerId], causes);
  if (change !== undefined) return change;
  const { cause, now, followers } = causes;
  if (followers.length === 0) return null;
  const row = await tx.snapshot.findUniqueOrThrow({ where: { customerId } });
  const after = toEntitlements(row);
  const at = new Date(Math.max(now.getTime(), row.at.getTime()));
  for (const follow of followers) await follow(tx, { customerId, before: after, after, cause, at });
  return null;
}

/** The same for several customers in a handful of statements. @throws AppError not_found */
export async function refreshMany(
  tx: Transaction,
  customerIds: readonly string[],
  { cause, now, followers }: Causes,
): Promise<EntitlementChange[]> {
  await lockCustomers(tx, customerIds);
  const facts = await loadFacts(tx, customerIds);
  const rows = await tx.snapshot.findMany({ where: { customerId: { in: [...customerIds] } } });
  const before = new Map(rows.map((row) => [row.customerId, row]));
  const fresh = facts.flatMap((one) => {
    const old = before.get(one.id);
    // Clocks of processes differ and changes wait for each other; the history runs forward all the same.
    const at = new Date(Math.max(now.getTime(), old?.at.getTime() ?? 0));
    const resolved = resolve(one, at.getTime());
    const { body, hash } = snapshotBytes(resolved);
    if (old?.hash === hash) return [];
    const validUntil = resolved.validUntil === null ? null : new Date(resolved.validUntil);
    return [{ customerId: one.id, epoch: (old?.epoch ?? 0) + 1, hash, body, validUntil, at }];
  });
  if (fresh.length === 0) return [];
  await write(tx, fresh, cause);
  await announceAll(
    tx,
    fresh.map(({ customerId, epoch }) => ({ kind: 'customer', customerId, epoch })),
  );
  const changes = fresh.map((row) => {
    const old = before.get(row.customerId);
    const { customerId, at } = row;
    return { customerId, before: old ? toEntitlements(old) : null, after: toEntitlements(row), cause, at };
  });
  await appendEvent(tx, ...changes.map(entitlementsEvent));
  for (const change of changes) for (const follow of followers) await follow(tx, change);
  return changes;
}

interface FreshSnapshot {
  readonly customerId: string;
  readonly epoch: number;
  readonly hash: string;
  readonly body: string;
  readonly validUntil: Date | null;
  readonly at: Date;
}

async function write(tx: Transaction, fresh: readonly FreshSnapshot[], cause: string): Promise<void> {
  await tx.$executeRaw`
    WITH fresh AS (
      SELECT * FROM json_to_recordset(${JSON.stringify(fresh)}::json) AS row("customerId" text, epoch int, hash text,
        body text, "validUntil" timestamptz, at timestamptz)
    ), written AS (
      INSERT INTO entitlement_snapshot (customer_id, epoch, hash, body, valid_until, at)
      SELECT "customerId", epoch, hash, body, "validUntil", at FROM fresh
      ON CONFLICT (customer_id) DO UPDATE SET epoch = excluded.epoch, hash = excluded.hash, body = excluded.body,
        valid_until = excluded.valid_until, at = excluded.at
    )
    INSERT INTO entitlement_history (customer_id, epoch, hash, body, at, cause)
    SELECT "customerId", epoch, hash, body, at, ${cause} FROM fresh`;
}

const CHUNK = 500;

/**
 * Resolves every customer anew, in chunks but in the one transaction of the caller, who holds the lock of the features.
 * @returns how many changed
 */
export async function refreshEverybody(tx: Transaction, causes: Causes): Promise<number> {
  let changed = 0;
  for (let after = ''; ; ) {
    const customers = await tx.customer.findMany({
      where: { id: { gt: after } },
      orderBy: { id: 'asc' },
      take: CHUNK,
      select: { id: true },
    });
    const ids = customers.map(({ id }) => id);
    const last = ids.at(-1);
    if (last === undefined) return changed;
    changed += (await refreshMany(tx, ids, causes)).length;
    after = last;
  }
}

/**
 * Lets what fell due take effect, each at its own instant, however late this comes: the history then tells what was true,
 * not who was awake. To be called before a change of the customer, and whenever time alone may have changed it.
 * @throws AppError not_found
 */
export async function settleEntitlements(
  tx: Transaction,
  customerId: string,
  { now, followers }: Pick<Causes, 'now' | 'followers'>,
): Promise<EntitlementChange[]> {
  await lockCustomer(tx, customerId);
  const changes: EntitlementChange[] = [];
  for (;;) {
    const row = await tx.snapshot.findUnique({ where: { customerId }, select: { validUntil: true } });
    const due = row?.validUntil ?? null;
    if (due === null || due > now) return changes;
    const change = await refreshEntitlements(tx, customerId, { cause: 'time.passed', now: due, followers });
    // Whatever is due is part of the hash, so passing it changes the hash.
    if (change === null) throw new Error(`the entitlements of ${customerId} did not move at ${due.toISOString()}`);
    changes.push(change);
  }
}

/** The same for everybody, before a change that reaches everybody. */
export async function settleEverybody(tx: Transaction, around: Pick<Causes, 'now' | 'followers'>): Promise<void> {
  for (;;) {
    const overdue = await overdueCustomers(tx, around.now, CHUNK);
    if (overdue.length === 0) return;
    for (const customerId of overdue) await settleEntitlements(tx, customerId, around);
  }
}
