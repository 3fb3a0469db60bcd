import type { Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { holdsPastDue } from '../../rules/collection/dunning.js';
import { updateSubscription } from '../update-subscription.js';
import type { Surroundings } from '../write-subscription.js';
import { restoreRefunded } from './access-by-money.js';
import { dunningSteps } from './dunning-policy.js';

/**
 * After an invoice was paid, void or credited: its subscription is in order again, unless another of its invoices that is
 * still owed holds it past due, or all that was paid for its period went back and is not paid again. In the transaction of the payment, so that rights come back with the money.
 * @param around of the customer, opened by the caller
 */
export async function restoreStanding(
  tx: Transaction,
  origin: Origin,
  subscriptionId: string | null,
  around: Surroundings,
): Promise<void> {
  if (subscriptionId === null) return;
  await restoreRefunded(tx, origin, subscriptionId, around);
  const steps = await dunningSteps(tx);
  const open = await tx.invoice.findMany({
    where: { subscriptionId, status: { in: ['open', 'uncollectible'] } },
    select: { dunningStep: true },
  });
  if (open.some(({ dunningStep }) => holdsPastDue(steps, dunningStep))) return;
  await updateSubscription(tx, origin, subscriptionId, { past_due: false }, undefined, { ...around, graceSeconds: 0 });
}
