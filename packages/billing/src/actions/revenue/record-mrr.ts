import type { Price } from '@bastionary/contracts/prices';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { termsOf } from '../../rules/items.js';
import { planVersionName, toPlanReference } from '../../rules/plan-reference.js';
import { monthlyWorth } from '../../rules/revenue/monthly-worth.js';
import { mrrTimeline, pointsFrom } from '../../rules/revenue/mrr-points.js';
import type { Terms } from '../../rules/scheduled-change.js';
import type { Contract } from '../../rules/settle.js';

/**
 * Writes what a subscription is worth a month from `now` on, as far as is known, where that is not written already. What
 * it was worth before `now` stays. In the transaction of the change, and with its customer locked.
 * @param reason the event that changes it
 */
export async function recordMrr(
  tx: Transaction,
  { id, customerId }: { readonly id: string; readonly customerId: string },
  contract: Contract,
  reason: string,
  now: Date,
): Promise<void> {
  const { currency } = await tx.customer.findUniqueOrThrow({ where: { id: customerId }, select: { currency: true } });
  const worth = (await worthOf(tx, versionsOf(contract)))(currency);
  const written = await tx.mrrPoint.findMany({ where: { subscriptionId: id, at: { gte: now } } });
  const kept = await tx.mrrPoint.findFirst({ where: { subscriptionId: id, at: { lt: now } }, orderBy: { at: 'desc' } });
  const points = pointsFrom(mrrTimeline(contract, worth), kept, now, reason);
  const isSame = (one: (typeof points)[number], other: (typeof points)[number]): boolean =>
    one.at.getTime() === other.at.getTime() && one.amount === other.amount && one.terms === other.terms;
  const gone = written.filter((row) => !points.some((point) => isSame(point, row))).map(({ at }) => at);
  if (gone.length > 0) await tx.mrrPoint.deleteMany({ where: { subscriptionId: id, at: { in: gone } } });
  const fresh = points.filter((point) => !written.some((row) => isSame(point, row)));
  if (fresh.length === 0) return;
  await tx.mrrPoint.createMany({
    data: fresh.map((point) => ({ ...point, subscriptionId: id, customerId, currency, recordedAt: now })),
  });
}

/** The names of all versions that a subscription is on or will be. */
export const versionsOf = ({ items, changes }: Contract): string[] =>
  [termsOf(items), ...changes.map(({ change }) => change)].flatMap(({ plan, addOns = [] }) => [
    ...(plan ? [plan] : []),
    ...addOns.map((one) => one.plan),
  ]);

/** What terms are worth a month in a currency, by the prices of these versions. */
export async function worthOf(
  db: Reader,
  names: readonly string[],
): Promise<(currency: string) => (terms: Terms) => bigint> {
  const versions = await db.planVersion.findMany({
    where: { OR: [...new Set(names)].map(toPlanReference).map(({ key, version }) => ({ planKey: key, version })) },
    select: { planKey: true, version: true, prices: true },
  });
  const prices = new Map(versions.map((row) => [planVersionName(row.planKey, row.version), row.prices as Price[]]));
  return (currency) =>
    ({ plan, quantity, addOns }) =>
      monthlyWorth(
        [{ plan, quantity }, ...addOns].map((one) => ({ prices: prices.get(one.plan) ?? [], quantity: one.quantity })),
        currency,
      );
}
