import { toInstant } from '@bastionary/contracts/text';
import { systemOrigin } from '@bastionary/platform/audit';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import type { AppliedChange, Terms } from '../rules/scheduled-change.js';
import { settle } from '../rules/settle.js';
import { type SubscriptionEvent, turnType } from '../rules/subscription-event.js';
import type { StateChange } from '../rules/subscription-state.js';
import { getSubscription, type SubscriptionRow } from './find-subscription.js';
import { noteSubscription } from './note-subscription.js';
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
  const { contract, applied, voided, history, stateChanges } = settle(toContract(row), row.settledAt, now);
  if (applied.length + voided.length + stateChanges.length === 0) return row;
  for (const { id, at } of applied) await tx.scheduledChange.update({ where: { id }, data: { appliedAt: at } });
  await tx.scheduledChange.updateMany({ where: { id: { in: [...voided] } }, data: { voidedAt: now } });
  const events = inOrder(applied, stateChanges);
  await noteSubscription(tx, systemOrigin('schedule'), row, ...events);
  await writeSubscription(tx, row, contract, events[0]?.type ?? 'subscription.updated', around, history);
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

function inOrder(applied: readonly AppliedChange[], turns: readonly StateChange[]): SubscriptionEvent[] {
  const events = [
    ...applied.map(({ at, before, after }) => ({
      at,
      type: 'subscription.change_applied' as const,
      detail: termsDifference(before, after),
    })),
    ...turns.map((turn) => ({
      at: turn.at,
      type: turnType(turn),
      detail: { state: { from: turn.from, to: turn.to } },
    })),
  ];
  return events
    .sort((one, other) => one.at.getTime() - other.at.getTime())
    .map(({ at, type, detail }) => ({ type, detail: { at: toInstant(at), ...detail } }));
}

/** What differs between terms, as it stands in the audit log. */
export function termsDifference(before: Terms, after: Terms): Record<string, { from: unknown; to: unknown }> {
  const view = ({ plan, quantity, addOns }: Terms): Record<string, unknown> => ({ plan, quantity, add_ons: addOns });
  const [old, fresh] = [view(before), view(after)];
  const changed = Object.keys(old).filter((key) => JSON.stringify(old[key]) !== JSON.stringify(fresh[key]));
  return Object.fromEntries(changed.map((key) => [key, { from: old[key], to: fresh[key] }]));
}
