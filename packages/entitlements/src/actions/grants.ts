import type { FeatureValue } from '@bastionary/contracts/entitlements';
import { newId } from '@bastionary/platform/ids';
import type { Json, Transaction } from '@bastionary/prisma/client';
import { lockCustomer } from './facts.js';

/** What one source gives a customer: half-open, from `from` until just before `until`. */
export interface NewGrant {
  readonly kind: 'plan' | 'add_on';
  /** plan@version */
  readonly plan: string;
  readonly quantity: number;
  readonly features: Readonly<Record<string, FeatureValue>>;
  readonly from: Date;
  readonly until: Date | null;
}

/**
 * Makes what a source gives exactly this. The source is whatever the giving room calls it (a subscription);
 * the customer's snapshot is to be refreshed afterwards, in the same transaction.
 * @throws AppError not_found
 */
export async function replaceGrants(
  tx: Transaction,
  customerId: string,
  source: string,
  grants: readonly NewGrant[],
): Promise<void> {
  await lockCustomer(tx, customerId);
  await tx.grant.deleteMany({ where: { customerId, source } });
  await tx.grant.createMany({
    data: grants.map((grant) => ({
      ...grant,
      id: newId('grt'),
      customerId,
      source,
      features: grant.features as Json as Record<string, never>,
    })),
  });
}
