import type { BillingRun } from '@bastionary/contracts/billing-terms';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { countDue } from './bill-subscriptions.js';

/** What a part of a run did. */
export interface Progress {
  readonly examined: number;
  readonly drafted: number;
  readonly finalized: number;
  readonly rescheduled: number;
  readonly failed: number;
  readonly lastError: string | null;
}

/**
 * Asks for a billing run now. One that waits or is under way is the one that was asked for.
 * @returns it
 */
export async function startBillingRun(tx: Transaction, origin: Origin, now: Date): Promise<BillingRun> {
  const id = newId('brn');
  const { count } = await tx.billingRun.createMany({
    data: { id, horizon: now, startedBy: origin.actor, status: 'waiting', startedAt: now, progressAt: now },
    skipDuplicates: true,
  });
  if (count > 0) await appendAudit(tx, origin, { action: 'billing_run.started', target: `billing_run:${id}` });
  const row = await activeRun(tx);
  if (row === null) throw new Error('the billing run that was asked for is not there');
  return toBillingRun(row, await countDue(tx, now));
}

const activeRun = (db: Reader) => db.billingRun.findFirst({ where: { status: { in: ['waiting', 'running'] } } });

/** Whether somebody waits for a run. */
export const isRunWanted = async (db: Reader): Promise<boolean> => (await activeRun(db)) !== null;

/**
 * Adds what was done to the run under way; there is one from then on, unless nothing was done and nobody asked for it.
 * @param isOver whether nothing is left to do
 */
export async function noteProgress(tx: Transaction, progress: Progress, isOver: boolean, now: Date): Promise<void> {
  const { lastError, examined, rescheduled, ...done } = progress;
  const isWorth = done.drafted + done.finalized + done.failed + rescheduled > 0;
  if (isWorth) {
    await tx.billingRun.createMany({
      data: {
        id: newId('brn'),
        horizon: now,
        startedBy: 'schedule',
        status: 'running',
        startedAt: now,
        progressAt: now,
      },
      skipDuplicates: true,
    });
  }
  await tx.billingRun.updateMany({
    where: { status: { in: ['waiting', 'running'] } },
    data: {
      status: isOver ? 'done' : 'running',
      horizon: now,
      examined: { increment: examined },
      drafted: { increment: done.drafted },
      finalized: { increment: done.finalized },
      failed: { increment: done.failed },
      rescheduled: { increment: rescheduled },
      ...(lastError !== null && { lastError }),
      progressAt: now,
      finishedAt: isOver ? now : null,
    },
  });
}

type Row = NonNullable<Awaited<ReturnType<typeof activeRun>>>;

/** Runs, the newest first; one more than asked for if there are more. */
export async function listBillingRuns(
  db: Reader,
  limit: number,
  after: { readonly at: Date; readonly id: string } | undefined,
  now: Date,
): Promise<{ row: Row; view: BillingRun }[]> {
  const rows = await db.billingRun.findMany({
    where:
      after === undefined
        ? {}
        : { OR: [{ startedAt: { lt: after.at } }, { startedAt: after.at, id: { lt: after.id } }] },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
  });
  const due = await countDue(db, now);
  return rows.map((row) => ({ row, view: toBillingRun(row, due) }));
}

const toBillingRun = (row: Row, due: number): BillingRun => ({
  id: row.id,
  horizon: toInstant(row.horizon),
  started_by: row.startedBy,
  status: row.status as BillingRun['status'],
  due: row.finishedAt === null ? due : 0,
  examined: row.examined,
  drafted: row.drafted,
  finalized: row.finalized,
  rescheduled: row.rescheduled,
  failed: row.failed,
  last_error: row.lastError,
  started_at: toInstant(row.startedAt),
  progress_at: toInstant(row.progressAt),
  finished_at: toInstantOrNull(row.finishedAt),
});
