import type { FeatureValue } from '@bastionary/contracts/entitlements';
import type { Reader } from '@bastionary/prisma/client';
import type { OverrideTold } from '../rules/explain-feature.js';
import type { CustomerFacts } from '../rules/resolve.js';
import { loadCustomerFacts } from './facts.js';

export interface ExplainedCustomer {
  readonly facts: CustomerFacts;
  /** By feature. */
  readonly overrides: ReadonlyMap<string, OverrideTold>;
}

/** What a customer has and why, now and as far as it is arranged. @throws AppError not_found */
export async function loadExplainedCustomer(db: Reader, customerId: string): Promise<ExplainedCustomer> {
  const facts = await loadCustomerFacts(db, customerId);
  const rows = await db.override.findMany({ where: { customerId } });
  const overrides = rows.map((row): [string, OverrideTold] => [
    row.feature,
    {
      feature: row.feature,
      value: row.value as FeatureValue,
      reason: row.reason,
      createdAt: row.createdAt.getTime(),
      expiresAt: row.expiresAt?.getTime() ?? null,
    },
  ]);
  return { facts, overrides: new Map(overrides) };
}

/** What is taken of a limit at `at`, if nobody does anything until then: reservations that end by then are given back. */
export async function usedAt(db: Reader, customerId: string, feature: string, at: Date): Promise<number> {
  const { _sum: held } = await db.reservation.aggregate({
    where: {
      customerId,
      feature,
      OR: [{ state: 'committed' }, { state: 'reserved', expiresAt: { gt: at } }],
    },
    _sum: { amount: true },
  });
  return Number(held.amount ?? 0n);
}
