import type { Transaction } from '@bastionary/prisma/client';
import { invalidField } from './refusals.js';

/** What opens a flag is a feature that one has or has not. @throws AppError invalid_request */
export async function checkEntitlement(tx: Transaction, feature: string | null): Promise<void> {
  if (feature === null) return;
  const row = await tx.feature.findUnique({ where: { key: feature }, select: { type: true } });
  if (row === null) throw invalidField('/entitlement', `there is no feature ${feature}`);
  if (row.type !== 'switch')
    throw invalidField('/entitlement', `must be a switch feature; ${feature} is a ${row.type}`);
}
