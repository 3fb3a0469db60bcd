import type { Database, Reader, Transaction } from '@bastionary/prisma/client';

const REMEMBERED_MS = 24 * 3_600_000;

/**
 * Writes a batch of counts unless it was written before: a flush whose outcome is unknown is simply tried again, and
 * must count once even if the worker has folded it in the meantime.
 */
export async function writeBatchOnce(
  db: Database,
  batchId: string,
  write: (tx: Transaction) => Promise<unknown>,
): Promise<void> {
  await db.$transaction(async (tx) => {
    const fresh = await tx.writtenBatch.createMany({ data: { id: batchId, at: new Date() }, skipDuplicates: true });
    if (fresh.count > 0) await write(tx);
  });
}

/** Forgets batches that nobody tries again. Returns how many. */
export async function purgeWrittenBatches(db: Reader, now: Date): Promise<number> {
  const { count } = await db.writtenBatch.deleteMany({
    where: { at: { lt: new Date(now.getTime() - REMEMBERED_MS) } },
  });
  return count;
}
