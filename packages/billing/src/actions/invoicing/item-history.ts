import { newId } from '@bastionary/platform/ids';
import type { Transaction } from '@bastionary/prisma/client';
import { spansAfter } from '../../rules/invoicing/item-spans.js';
import type { Item } from '../../rules/items.js';
import { planVersionName, toPlanReference } from '../../rules/plan-reference.js';
import type { SubscriptionFacts } from '../../rules/subscription-state.js';

/** What is held from an instant on, and in which rhythm. */
export interface HistoryStep {
  readonly at: Date;
  readonly items: readonly Item[];
  readonly anchor: Date;
}

/** Writes down what was held from when on, in order: every step at its own instant, however late it is written. */
export async function writeItemHistory(
  tx: Transaction,
  subscriptionId: string,
  steps: readonly HistoryStep[],
): Promise<void> {
  for (const { at, items, anchor } of steps) {
    const open = await tx.itemSpan.findMany({ where: { subscriptionId, until: null } });
    const change = spansAfter(
      open.map((row) => ({
        ...row,
        kind: row.kind as Item['kind'],
        plan: planVersionName(row.planKey, row.planVersion),
      })),
      items,
      anchor,
      at,
    );
    const ids = (rows: readonly { readonly id: string }[]) => ({ id: { in: rows.map(({ id }) => id) } });
    if (change.dropped.length > 0) await tx.itemSpan.deleteMany({ where: ids(change.dropped) });
    if (change.closed.length > 0) await tx.itemSpan.updateMany({ where: ids(change.closed), data: { until: at } });
    if (change.opened.length === 0) continue;
    await tx.itemSpan.createMany({
      data: change.opened.map(({ plan, ...span }) => {
        const { key, version } = toPlanReference(plan);
        return { ...span, id: newId('isp'), subscriptionId, planKey: key, planVersion: version as number };
      }),
    });
  }
}

/** Writes down the pause that is under way or to come; those that are over stay, those that will not come go. */
export async function writePauseHistory(
  tx: Transaction,
  subscriptionId: string,
  { pausedFrom: from, pausedUntil: until }: SubscriptionFacts,
  now: Date,
): Promise<void> {
  await tx.pauseSpan.deleteMany({ where: { subscriptionId, from: { gte: now, ...(from !== null && { not: from }) } } });
  if (from === null) return;
  const where = { subscriptionId_from: { subscriptionId, from } };
  await tx.pauseSpan.upsert({ where, create: { subscriptionId, from, until }, update: { until } });
}
