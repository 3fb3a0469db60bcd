import { toInstant } from '@bastionary/contracts/text';
import { type AuditEntry, appendAudit, systemOrigin } from '@bastionary/platform/audit';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import type { AppliedChange, Terms } from '../rules/scheduled-change.js';
import { settle } from '../rules/settle.js';
import type { StateChange } from '../rules/subscription-state.js';
import { getSubscription, type SubscriptionRow } from './find-subscription.js';
import { toContract } from './subscription-rows.js';
import { openCustomer, type Surroundings, writeSubscription } from './write-subscription.js';

/**
 * Writes down what a subscription became by itself: changes whose instant has come, in order, and the turns of its state.
 * The caller has opened its customer. Done twice, the second finds nothing due.
 */
export async function settleSubscription(
  tx: Transaction,
  row: SubscriptionRow,
  around: Surroundings,
): Promise<SubscriptionRow> {
  const { now } = around;
  const { contract, applied, voided, stateChanges } = settle(toContract(row), row.settledAt, now);
  if (applied.length + voided.length + stateChanges.length === 0) return row;
  for (const { id, at } of applied) await tx.scheduledChange.update({ where: { id }, data: { appliedAt: at } });
  await tx.scheduledChange.updateMany({ where: { id: { in: [...voided] } }, data: { voidedAt: now } });
  await writeSubscription(tx, row, contract, 'subscription.changed', around);
  await appendAudit(tx, systemOrigin('schedule'), ...inOrder(row.id, applied, stateChanges));
  return getSubscription(tx, row.id);
}

/** Subscriptions to which something has happened by itself that is not written down, the longest overdue first. */
export async function dueSubscriptions(db: Reader, now: Date, limit: number) {
  return db.subscription.findMany({
    where: { nextChangeAt: { lte: now } },
    orderBy: { nextChangeAt: 'asc' },
    take: limit,
    select: { id: true, customerId: true },
  });
}

/** Settles one that `dueSubscriptions` named; somebody else may have done so meanwhile. */
export async function settleDue(
  tx: Transaction,
  { id, customerId }: { readonly id: string; readonly customerId: string },
  surroundings: Surroundings,
): Promise<void> {
  const around = await openCustomer(tx, customerId, surroundings);
  await settleSubscription(tx, await getSubscription(tx, id), around);
}

function inOrder(id: string, applied: readonly AppliedChange[], turns: readonly StateChange[]): AuditEntry[] {
  const target = `subscription:${id}`;
  const entries = [
    ...applied.map(({ at, before, after }) => ({
      at,
      entry: {
        action: 'subscription.changed',
        target,
        detail: { at: toInstant(at), ...termsDifference(before, after) },
      },
    })),
    ...turns.map(({ at, from, to }) => ({
      at,
      entry: { action: actionOf(from, to), target, detail: { at: toInstant(at), state: { from, to } } },
    })),
  ];
  return entries.sort((one, other) => one.at.getTime() - other.at.getTime()).map(({ entry }) => entry);
}

/** What differs between terms, as it stands in the audit log. */
export function termsDifference(before: Terms, after: Terms): Record<string, { from: unknown; to: unknown }> {
  const view = ({ plan, quantity, addOns }: Terms): Record<string, unknown> => ({ plan, quantity, add_ons: addOns });
  const [old, fresh] = [view(before), view(after)];
  const changed = Object.keys(old).filter((key) => JSON.stringify(old[key]) !== JSON.stringify(fresh[key]));
  return Object.fromEntries(changed.map((key) => [key, { from: old[key], to: fresh[key] }]));
}

function actionOf(from: StateChange['from'], to: StateChange['to']): string {
  if (to === 'canceled' || to === 'paused' || to === 'suspended') return `subscription.${to}`;
  if (from === 'scheduled') return 'subscription.started';
  if (from === 'paused') return 'subscription.resumed';
  return from === 'trialing' ? 'subscription.trial_ended' : 'subscription.changed';
}
