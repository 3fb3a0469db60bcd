import { systemOrigin } from '@bastionary/platform/audit';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { finalizeMany } from '../documents/finalize-invoice.js';
import type { DocumentSurroundings } from '../documents/surroundings.js';
import {
  billSubscriptions,
  countDue,
  draftsToFinalize,
  dueIds,
  postpone,
  postponeDraft,
} from './bill-subscriptions.js';
import { noteProgress, type Progress } from './billing-runs.js';

const ORIGIN = systemOrigin('billing');
const LATER_MS = 60_000;

/** What a run is given. */
export interface BillingMeans {
  readonly db: Reader;
  /** A transaction of its own, for one chunk. */
  separately<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** Subscriptions or drafts in one transaction. */
  readonly chunk: number;
  /** Whether time is up: what is left is for the next run. */
  isTimeUp(): boolean;
}

/**
 * Bills what is due and makes final what has waited long enough, chunk by chunk. A chunk that fails is done one by one, so
 * that one subscription keeps nobody waiting; it is tried again a minute later. Any number of these may run at once, be run
 * twice or be killed anywhere: a chunk is done or it is not.
 */
export async function runBilling(means: BillingMeans, around: DocumentSurroundings): Promise<Progress> {
  const tally: Tally = { examined: 0, drafted: 0, finalized: 0, rescheduled: 0, failed: 0, lastError: null };
  const isDone = (await billAll(means, around, tally)) && (await finalizeAll(means, around, tally));
  if (isDone) tally.rescheduled = await countDue(means.db, around.now);
  await means.separately((tx) => noteProgress(tx, tally, isDone && tally.rescheduled === 0, around.now));
  return tally;
}

type Tally = { -readonly [field in keyof Progress]: Progress[field] };

async function billAll(means: BillingMeans, around: DocumentSurroundings, tally: Tally): Promise<boolean> {
  const { separately, chunk, db } = means;
  while (!means.isTimeUp()) {
    try {
      const { examined, drafted } = await separately((tx) => billSubscriptions(tx, chunk, around));
      tally.examined += examined;
      tally.drafted += drafted;
      if (examined === 0) return true;
    } catch (error) {
      const ids = await dueIds(db, around.now, chunk);
      if (ids.length === 0) throw error;
      for (const id of ids) {
        if (means.isTimeUp()) return false;
        await one(
          means,
          tally,
          async (tx) => {
            const { examined, drafted } = await billSubscriptions(tx, 1, around, [id]);
            return () => {
              tally.examined += examined;
              tally.drafted += drafted;
            };
          },
          (tx) => postpone(tx, id, later(around.now)),
        );
      }
    }
  }
  return false;
}

async function finalizeAll(means: BillingMeans, around: DocumentSurroundings, tally: Tally): Promise<boolean> {
  const { separately, chunk } = means;
  while (!means.isTimeUp()) {
    let ids: string[] = [];
    try {
      const finalized = await separately(async (tx) => {
        ids = await draftsToFinalize(tx, around.now, chunk);
        return finalizeMany(tx, ORIGIN, ids, around);
      });
      tally.finalized += finalized.length;
      if (ids.length === 0) return true;
    } catch (error) {
      if (ids.length === 0) throw error;
      for (const id of ids) {
        if (means.isTimeUp()) return false;
        await one(
          means,
          tally,
          async (tx) => {
            const made = await finalizeMany(tx, ORIGIN, [id], around);
            return () => {
              tally.finalized += made.length;
            };
          },
          (tx) => postponeDraft(tx, id, later(around.now)),
        );
      }
    }
  }
  return false;
}

async function one(
  { separately }: BillingMeans,
  tally: Tally,
  work: (tx: Transaction) => Promise<() => void>,
  postponeIt: (tx: Transaction) => Promise<void>,
): Promise<void> {
  try {
    (await separately(work))();
  } catch (error) {
    tally.failed++;
    tally.lastError = error instanceof Error ? error.message.slice(0, 500) : 'unknown';
    await separately(postponeIt);
  }
}

const later = (now: Date): Date => new Date(now.getTime() + LATER_MS);
