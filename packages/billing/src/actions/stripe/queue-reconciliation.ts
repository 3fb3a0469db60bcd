import type { ReconciliationRequest } from '@bastionary/contracts/stripe';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin, systemOrigin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import type { Transaction } from '@bastionary/prisma/client';

const DAY_MS = 86_400_000;
/** Reports are kept this long. */
const KEEP_DAYS = 90;
/** Pause after a nightly run that failed. */
const FAILED_MS = 900_000;

export type ReconciliationRow = Awaited<ReturnType<Transaction['stripeReconciliation']['findUniqueOrThrow']>>;

/**
 * Asks for our books to be held against Stripe's; a worker does it.
 * @param days how far back the window goes where the request does not say
 * @throws AppError invalid_request
 */
export async function queueReconciliation(
  tx: Transaction,
  origin: Origin,
  { from, to, repair }: ReconciliationRequest,
  days: number,
  now: Date,
): Promise<ReconciliationRow> {
  const end = to === undefined ? now : new Date(to);
  const start = from === undefined ? new Date(end.getTime() - days * DAY_MS) : new Date(from);
  if (start >= end) {
    const faults = [{ path: '/from', code: 'invalid', message: 'must be before to' }];
    throw new AppError('invalid_request', '/from: must be before to.', { faults });
  }
  const id = newId('rec');
  const detail = { from: start.toISOString(), to: end.toISOString(), repair };
  await appendAudit(tx, origin, { action: 'reconciliation.requested', target: `reconciliation:${id}`, detail });
  const row = { id, from: start, to: end, state: 'queued', repairs: repair, requestedBy: origin.actor, createdAt: now };
  return tx.stripeReconciliation.create({ data: row });
}

const NIGHT = systemOrigin('worker');
const NIGHT_LOCK = 7_310_442_018n;

/**
 * Queues the one of tonight, if it is time and there was none, and forgets old reports. It mends what asking Stripe again
 * mends: that is what the events would have done.
 * @param hour of the day, UTC
 */
export async function queueNightly(tx: Transaction, hour: number, days: number, now: Date): Promise<void> {
  // Of several workers one asks.
  const [lock] = await tx.$queryRaw<{ taken: boolean }[]>`SELECT pg_try_advisory_xact_lock(${NIGHT_LOCK}) AS taken`;
  if (lock?.taken !== true) return;
  const due = new Date(now);
  due.setUTCHours(hour, 0, 0, 0);
  if (due > now) due.setUTCDate(due.getUTCDate() - 1);
  const tonight = await tx.stripeReconciliation.findMany({
    where: { requestedBy: NIGHT.actor, createdAt: { gte: due } },
    select: { state: true, finishedAt: true },
  });
  const failedAt = (one: { finishedAt: Date | null }) => (one.finishedAt ?? now).getTime();
  const isDone = tonight.some((one) => one.state !== 'failed' || failedAt(one) > now.getTime() - FAILED_MS);
  if (isDone) return;
  await queueReconciliation(tx, NIGHT, { repair: true }, days, now);
  const old = new Date(now.getTime() - KEEP_DAYS * DAY_MS);
  await tx.stripeReconciliation.deleteMany({ where: { createdAt: { lt: old }, state: { in: ['done', 'failed'] } } });
}
