import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import type { Subject } from '../../rules/stripe/event-subject.js';
import { sync } from './handle-event.js';
import type { StripeDesk } from './stripe-desk.js';

export type ReportRow = Awaited<ReturnType<Transaction['stripeReconciliationRow']['findUniqueOrThrow']>>;

/** @throws AppError not_found */
export async function getReportRow(db: Reader, reconciliationId: string, position: number): Promise<ReportRow> {
  const where = { reconciliationId_position: { reconciliationId, position } };
  const row = await db.stripeReconciliationRow.findUnique({ where });
  if (row !== null) return row;
  throw new AppError('not_found', `Reconciliation ${reconciliationId} has no row ${position}.`);
}

/**
 * Mends one row of a report: our books take over what Stripe says now, or Stripe is asked once more under the same key.
 * Again, it does the same again, which changes nothing.
 * @throws AppError not_found, not_repairable
 */
export async function repairRow(
  desk: StripeDesk,
  origin: Origin,
  reconciliationId: string,
  position: number,
): Promise<ReportRow> {
  const row = await getReportRow(desk.db, reconciliationId, position);
  const subject = subjectOf(row);
  if (row.repair === 'read_again' && subject !== null) await sync(desk, subject);
  else if (row.repair === 'ask_again') await askAgain(desk, row);
  else throw new AppError('not_repairable', `Nothing mends row ${position} by itself: ${row.detail}`);
  return desk.transact(async (tx) => {
    const unmended = { reconciliationId, position, repairedAt: null };
    const mended = { repairedAt: desk.now(), repairedBy: origin.actor };
    const { count } = await tx.stripeReconciliationRow.updateMany({ where: unmended, data: mended });
    if (count > 0) {
      const { kind, state, stripeId, ourId, repair } = row;
      const detail = { position, kind, state, stripe_id: stripeId, our_id: ourId, repair };
      await appendAudit(tx, origin, {
        action: 'reconciliation.repaired',
        target: `reconciliation:${reconciliationId}`,
        detail,
      });
    }
    return getReportRow(tx, reconciliationId, position);
  });
}

/** What is to be looked up: Stripe's ids say what they name. */
function subjectOf({ kind, stripeId, paymentIntent }: ReportRow): Subject | null {
  if (paymentIntent !== null) return { kind: 'payment_intent', id: paymentIntent };
  if (kind !== 'customer' || stripeId === null) return null;
  return { kind: stripeId.startsWith('cs_') ? 'checkout_session' : 'customer', id: stripeId };
}

async function askAgain({ db, now }: StripeDesk, { kind, ourId }: ReportRow): Promise<void> {
  if (kind !== 'attempt' || ourId === null) return;
  const where = { id: ourId, state: 'unknown' };
  await db.stripeAttempt.updateMany({ where, data: { nextTryAt: now(), version: { increment: 1 } } });
}
