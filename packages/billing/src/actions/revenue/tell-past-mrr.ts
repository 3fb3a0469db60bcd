import type { Transaction } from '@bastionary/prisma/client';
import type { ItemSpan } from '../../rules/invoicing/item-spans.js';
import { planVersionName } from '../../rules/plan-reference.js';
import { mrrPast } from '../../rules/revenue/mrr-past.js';
import { getSubscriptions } from '../find-subscription.js';
import { toContract } from '../subscription-rows.js';
import { versionsOf, worthOf } from './record-mrr.js';

/**
 * Writes the points of subscriptions that have none, since they are older than these: what they held, when they were paused, and
 * what is to come. Those that somebody is just changing are left for the next time, and so is what is more than `limit`.
 * @returns how many subscriptions there were
 */
export async function tellPastMrr(tx: Transaction, limit: number, now: Date): Promise<number> {
  const silent = await tx.$queryRaw<{ id: string; customerId: string; currency: string }[]>`
    WITH silent AS (
      SELECT id, customer_id FROM subscription s WHERE NOT EXISTS (SELECT FROM mrr_point p WHERE p.subscription_id = s.id)
      ORDER BY id LIMIT ${limit}
    ), free AS (
      SELECT id, currency FROM customer WHERE id IN (SELECT customer_id FROM silent) ORDER BY id FOR UPDATE SKIP LOCKED
    )
    SELECT silent.id, free.id AS "customerId", free.currency FROM silent JOIN free ON free.id = silent.customer_id
    ORDER BY silent.id`;
  if (silent.length === 0) return 0;
  const among = { subscriptionId: { in: silent.map(({ id }) => id) } };
  // Somebody may have changed one before its customer was locked.
  const told = new Set((await tx.mrrPoint.findMany({ where: among, distinct: ['subscriptionId'] })).map(idOf));
  const spans = await tx.itemSpan.findMany({ where: among, orderBy: { from: 'asc' } });
  const pauses = Map.groupBy(await tx.pauseSpan.findMany({ where: among }), idOf);
  const held = Map.groupBy(
    spans.map(({ planKey, planVersion, kind, ...span }) => ({
      ...span,
      kind: kind as ItemSpan['kind'],
      plan: planVersionName(planKey, planVersion),
    })),
    idOf,
  );
  const rows = await getSubscriptions(
    tx,
    silent.map(({ id }) => id),
  );
  const contracts = new Map(rows.map((row) => [row.id, toContract(row)]));
  const worth = await worthOf(tx, [
    ...[...contracts.values()].flatMap(versionsOf),
    ...[...held.values()].flat().map(({ plan }) => plan),
  ]);
  const points = silent.flatMap(({ id, customerId, currency }) => {
    const contract = contracts.get(id);
    if (contract === undefined || told.has(id)) return [];
    const past = { spans: held.get(id) ?? [], pauses: pauses.get(id) ?? [] };
    return mrrPast(contract, past, worth(currency), now).map((point) => ({
      ...point,
      subscriptionId: id,
      customerId,
      currency,
      recordedAt: now,
    }));
  });
  await tx.mrrPoint.createMany({ data: points });
  return silent.length;
}

const idOf = ({ subscriptionId }: { readonly subscriptionId: string }): string => subscriptionId;
