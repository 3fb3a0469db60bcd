import { toInstant } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import type { Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { getSubscription, type SubscriptionRow } from './find-subscription.js';
import { noteSubscription } from './note-subscription.js';
import { toContract, toStoredChange } from './subscription-rows.js';
import { openSubscription } from './update-subscription.js';
import { type Surroundings, writeSubscription } from './write-subscription.js';

/**
 * Takes back a change that has not come.
 * @throws AppError not_found (also if it has come, or is withdrawn), version_mismatch
 */
export async function withdrawChange(
  tx: Transaction,
  origin: Origin,
  id: string,
  changeId: string,
  ifVersion: number | undefined,
  surroundings: Surroundings,
): Promise<SubscriptionRow> {
  const { row, around } = await openSubscription(tx, id, ifVersion, surroundings);
  const contract = toContract(row);
  const withdrawn = contract.changes.find((change) => change.id === changeId);
  if (withdrawn === undefined) {
    throw new AppError('not_found', `Subscription ${id} has no change ${changeId} to come.`);
  }
  await tx.scheduledChange.update({ where: { id: changeId }, data: { voidedAt: around.now } });
  const changes = contract.changes.filter((change) => change !== withdrawn);
  const detail = { withdrawn: changeId, at: toInstant(withdrawn.at), ...toStoredChange(withdrawn.change, null) };
  await noteSubscription(tx, origin, row, { type: 'subscription.updated', detail });
  await writeSubscription(tx, row, { ...contract, changes }, 'subscription.updated', around);
  return getSubscription(tx, id);
}
