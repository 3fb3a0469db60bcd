import { systemOrigin } from '@bastionary/platform/audit';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { finalizeMany } from '../documents/finalize-invoice.js';
import type { DocumentSurroundings } from '../documents/surroundings.js';
import {
  billSubscriptions,
  countDue,
  type Due,
  postpone,
  postponeDraft,
  takeDrafts,
  takeDue,
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
  /** Transactions under way at once: while the database writes one chunk, the next is worked out. */
  readonly lanes: number;
  /** Whether time is up: what is left is for the next run. */
  isTimeUp(): boolean;
}

/** What a part of a run did, and whether there was time for all of it. */
export interface RunPart extends Progress {
  readonly isDone: boolean;
}

/**
 * Bills what is due and makes final what has waited long enough, chunk by chunk. A chunk that fails is done one by one, so
 * that one subscription keeps nobody waiting; it is tried again a minute later. Any number of these may run at once, be run
 * twice or be killed anywhere: a chunk is done or it is not.
 */
export async function runBilling(means: BillingMeans, around: DocumentSurroundings): Promise<RunPart> {
  const tally: Tally = { examined: 0, drafted: 0, finalized: 0, rescheduled: 0, failed: 0, lastError: null };
  const isDone =
    (await inLanes(means, tally, billing(around), around.now)) &&
    (await inLanes(means, tally, finalizing(around), around.now));
  if (isDone) tally.rescheduled = await countDue(means.db, around.now);
  await means.separately((tx) => noteProgress(tx, tally, isDone && tally.rescheduled === 0, around.now));
  return { ...tally, isDone };
}

type Tally = { -readonly [field in keyof Progress]: Progress[field] };
type Counts = Partial<Pick<Tally, 'examined' | 'drafted' | 'finalized'>>;

/** One of the two things a run does. */
interface Work<Item extends { readonly id: string }> {
  /** What is due and free, locked. */
  take(tx: Transaction, limit: number, only?: readonly string[]): Promise<Item[]>;
  act(tx: Transaction, items: readonly Item[]): Promise<Counts>;
  postpone(tx: Transaction, id: string, until: Date): Promise<void>;
}

const billing = (around: DocumentSurroundings): Work<Due> => ({
  take: (tx, limit, only) => takeDue(tx, limit, around.now, only),
  act: async (tx, due) => ({ ...(await billSubscriptions(tx, due, around)) }),
  postpone,
});

const finalizing = (around: DocumentSurroundings): Work<{ id: string }> => ({
  take: (tx, limit, only) => takeDrafts(tx, limit, around.now, only),
  act: async (tx, drafts) => {
    const ids = drafts.map(({ id }) => id);
    return { finalized: (await finalizeMany(tx, ORIGIN, ids, around)).length };
  },
  postpone: postponeDraft,
});

/** @returns whether nothing was left that is free */
async function inLanes<Item extends { readonly id: string }>(
  means: BillingMeans,
  tally: Tally,
  work: Work<Item>,
  now: Date,
): Promise<boolean> {
  const lanes = await Promise.allSettled(Array.from({ length: means.lanes }, () => inChunks(means, tally, work, now)));
  // No lane is left alone: what it does is not over when another has failed.
  const failed = lanes.find((lane) => lane.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return lanes.every((lane) => lane.status === 'fulfilled' && lane.value);
}

async function inChunks<Item extends { readonly id: string }>(
  means: BillingMeans,
  tally: Tally,
  work: Work<Item>,
  now: Date,
): Promise<boolean> {
  while (!means.isTimeUp()) {
    let items: Item[] = [];
    try {
      const counts = await means.separately(async (tx) => {
        items = await work.take(tx, means.chunk);
        return items.length === 0 ? {} : work.act(tx, items);
      });
      count(tally, counts);
      if (items.length === 0) return true;
    } catch (error) {
      if (items.length === 0) throw error;
      for (const { id } of items) {
        if (means.isTimeUp()) return false;
        await one(means, tally, work, id, now);
      }
    }
  }
  return false;
}

async function one<Item extends { readonly id: string }>(
  { separately }: BillingMeans,
  tally: Tally,
  work: Work<Item>,
  id: string,
  now: Date,
): Promise<void> {
  try {
    const counts = await separately(async (tx) => {
      const items = await work.take(tx, 1, [id]);
      return items.length === 0 ? {} : work.act(tx, items);
    });
    count(tally, counts);
  } catch (error) {
    tally.failed++;
    tally.lastError = error instanceof Error ? error.message.slice(0, 500) : 'unknown';
    await separately((tx) => work.postpone(tx, id, new Date(now.getTime() + LATER_MS)));
  }
}

/** What was committed, and only that. */
function count(tally: Tally, { examined = 0, drafted = 0, finalized = 0 }: Counts): void {
  tally.examined += examined;
  tally.drafted += drafted;
  tally.finalized += finalized;
}
