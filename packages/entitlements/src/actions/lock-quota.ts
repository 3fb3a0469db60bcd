import type { Transaction } from '@bastionary/prisma/client';

/**
 * Waits for others at this limit and gives back what has expired there. Until the end of `tx` nobody else changes it.
 * @returns what is taken, and the database's clock under the lock, which is the one that counts
 */
export async function lockQuota(
  tx: Transaction,
  customerId: string,
  feature: string,
): Promise<{ used: number; at: Date }> {
  const [row] = await tx.$queryRaw<[{ used: bigint; at: Date }]>`
    INSERT INTO quota_use AS q (customer_id, feature) VALUES (${customerId}, ${feature})
    ON CONFLICT (customer_id, feature) DO UPDATE SET used = q.used
    RETURNING q.used, date_trunc('milliseconds', clock_timestamp()) AS at`;
  const expired = await tx.reservation.updateManyAndReturn({
    where: { customerId, feature, state: 'reserved', expiresAt: { lte: row.at } },
    data: { state: 'expired' },
    select: { amount: true },
  });
  const returned = expired.reduce((sum, { amount }) => sum + amount, 0n);
  if (returned > 0n) await addUse(tx, customerId, feature, -returned);
  return { used: Number(row.used - returned), at: row.at };
}

/** Changes what is taken of a limit, by somebody who has it locked. */
export async function addUse(tx: Transaction, customerId: string, feature: string, amount: bigint): Promise<void> {
  await tx.quotaUse.update({
    where: { customerId_feature: { customerId, feature } },
    data: { used: { increment: amount } },
  });
}
