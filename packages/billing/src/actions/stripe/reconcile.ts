import type { Transaction } from '@bastionary/prisma/client';
import { type Comparison, compareBooks } from '../../rules/stripe/compare-books.js';
import { compareCustomers, readBooks } from './read-books.js';
import { repairRow } from './repair-row.js';
import { STRIPE_ORIGIN, type StripeDesk } from './stripe-desk.js';

/** A run that has not ended by then was that of a worker which is no more. */
const LONGEST_MS = 3_600_000;

/**
 * Takes the reconciliation that waits and runs it: reads both sides, writes the report, and mends what it may.
 * @returns its id and counts; null if none waits
 */
export async function reconcile(desk: StripeDesk): Promise<{ id: string; counts: Counts } | null> {
  const run = await desk.transact((tx) => claim(tx, desk.now()));
  if (run === null) return null;
  const { id } = run;
  try {
    const found = compareBooks(await readBooks(desk, run));
    const rows = [...found, ...(await compareCustomers(desk, run))];
    await desk.transact((tx) => writeRows(tx, id, rows));
    let repaired = 0;
    if (run.repairs) repaired = await repairAll(desk, id);
    const counts = { ...countOf(rows), repaired };
    await finish(desk, id, { state: 'done', counts });
    return { id, counts };
  } catch (error) {
    await finish(desk, id, { state: 'failed', error: error instanceof Error ? error.message.slice(0, 500) : 'failed' });
    throw error;
  }
}

async function claim(tx: Transaction, now: Date) {
  const since = new Date(now.getTime() - LONGEST_MS);
  const [found] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM stripe_reconciliation
    WHERE state = 'queued' OR (state = 'running' AND started_at < ${since})
    ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED`;
  if (found === undefined) return null;
  await tx.stripeReconciliationRow.deleteMany({ where: { reconciliationId: found.id } });
  return tx.stripeReconciliation.update({ where: { id: found.id }, data: { state: 'running', startedAt: now } });
}

async function writeRows(tx: Transaction, reconciliationId: string, rows: readonly Comparison[]): Promise<void> {
  const data = rows.map((row, position) => ({ ...row, reconciliationId, position }));
  for (let first = 0; first < data.length; first += 1_000) {
    await tx.stripeReconciliationRow.createMany({ data: data.slice(first, first + 1_000) });
  }
}

/** Rows that nobody needs to look at, one after the other; one that cannot be mended now stays for the next time. */
async function repairAll(desk: StripeDesk, reconciliationId: string): Promise<number> {
  const rows = await desk.db.stripeReconciliationRow.findMany({
    where: { reconciliationId, repair: { in: ['read_again', 'ask_again'] } },
    orderBy: { position: 'asc' },
    select: { position: true },
  });
  let repaired = 0;
  for (const { position } of rows) {
    const done = await repairRow(desk, STRIPE_ORIGIN, reconciliationId, position).then(
      () => true,
      () => false,
    );
    if (done) repaired++;
  }
  return repaired;
}

export type Counts = Record<Comparison['state'] | 'repaired', number>;

function countOf(rows: readonly Comparison[]): Counts {
  const counts: Counts = { matched: 0, missing_here: 0, missing_there: 0, differs: 0, repaired: 0 };
  for (const { state } of rows) counts[state]++;
  return counts;
}

async function finish(desk: StripeDesk, id: string, end: { state: string; counts?: Counts; error?: string }) {
  await desk.db.stripeReconciliation.update({ where: { id }, data: { ...end, finishedAt: desk.now() } });
}
