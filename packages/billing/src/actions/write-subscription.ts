import type { FeatureValue } from '@bastionary/contracts/entitlements';
import { lockCustomer } from '@bastionary/entitlements/actions/facts';
import { replaceGrants } from '@bastionary/entitlements/actions/grants';
import {
  type Follow,
  refreshEntitlements,
  settleEntitlements,
} from '@bastionary/entitlements/actions/refresh-entitlements';
import { newId } from '@bastionary/platform/ids';
import type { Transaction } from '@bastionary/prisma/client';
import { type GrantSpan, grantSpans } from '../rules/grant-spans.js';
import type { Item } from '../rules/items.js';
import { planVersionName, toPlanReference } from '../rules/plan-reference.js';
import { type Contract, nextEvent } from '../rules/settle.js';
import { type HistoryStep, writeItemHistory, writePauseHistory } from './invoicing/item-history.js';
import { recordMrr } from './revenue/record-mrr.js';
import { factColumns } from './subscription-rows.js';

/** When a change happens, and who changes together with it. */
export interface Surroundings {
  readonly now: Date;
  readonly followers: readonly Follow[];
}

/**
 * Waits for other changes of this customer, and lets his entitlements catch up with the clock.
 * @returns the instant of the change: never before that of the one before, whatever the clocks of two processes say
 * @throws AppError not_found
 */
export async function openCustomer(tx: Transaction, customerId: string, around: Surroundings): Promise<Surroundings> {
  await lockCustomer(tx, customerId);
  const { _max: last } = await tx.subscription.aggregate({ where: { customerId }, _max: { settledAt: true } });
  const now = new Date(Math.max(around.now.getTime(), last.settledAt?.getTime() ?? 0));
  await settleEntitlements(tx, customerId, { ...around, now });
  return { ...around, now };
}

/**
 * Writes down what a subscription is from `now` on, what that gives its customer and when, what it is
 * worth a month, and the snapshot that follows.
 * The billing run looks at it anew.
 * @param cause for example `subscription.updated`
 * @param history what it held since when, where that is not since now
 */
export async function writeSubscription(
  tx: Transaction,
  { id, customerId }: { readonly id: string; readonly customerId: string },
  contract: Contract,
  cause: string,
  { now, followers }: Surroundings,
  history: readonly HistoryStep[] = [{ at: now, items: contract.items, anchor: contract.cycle.anchor }],
): Promise<void> {
  await tx.subscription.update({
    where: { id },
    data: {
      ...factColumns(contract),
      settledAt: now,
      nextChangeAt: nextEvent(contract, now),
      nextBillAt: now,
      updatedAt: now,
      version: { increment: 1 },
    },
  });
  await writeItems(tx, id, contract.items);
  await writeItemHistory(tx, id, history);
  await writePauseHistory(tx, id, contract.facts, now);
  await writeGrants(tx, customerId, id, grantSpans(contract.facts, contract.items, contract.changes, now));
  await recordMrr(tx, { id, customerId }, contract, cause, now);
  await refreshEntitlements(tx, customerId, { cause, now, followers });
}

/** Makes the items of a subscription exactly these; an item of the same plan keeps its id. */
export async function writeItems(tx: Transaction, subscriptionId: string, items: readonly Item[]): Promise<void> {
  const rows = items.map(({ kind, plan, quantity, since }) => {
    const { key, version } = toPlanReference(plan);
    return { subscriptionId, planKey: key, planVersion: version as number, kind, quantity, since };
  });
  const old = await tx.subscriptionItem.findMany({ where: { subscriptionId } });
  await tx.subscriptionItem.deleteMany({ where: { subscriptionId } });
  await tx.subscriptionItem.createMany({
    data: rows.map((row) => ({ ...row, id: old.find(({ planKey }) => planKey === row.planKey)?.id ?? newId('sit') })),
  });
}

/** Gives the customer what the spans say, with the features of their plan versions. */
export async function writeGrants(
  tx: Transaction,
  customerId: string,
  subscriptionId: string,
  spans: readonly GrantSpan[],
): Promise<void> {
  const references = spans.map(({ plan }) => toPlanReference(plan));
  const versions = await tx.planVersion.findMany({
    where: { OR: references.map(({ key, version }) => ({ planKey: key, version })) },
  });
  const features = new Map(
    versions.map((row) => [planVersionName(row.planKey, row.version), row.features as Record<string, FeatureValue>]),
  );
  await replaceGrants(
    tx,
    customerId,
    subscriptionId,
    spans.map((span) => ({ ...span, features: features.get(span.plan) ?? {} })),
  );
}
