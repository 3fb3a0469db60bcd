import type { Transaction } from '@bastionary/prisma/client';
import type { Writer } from './writer.js';

class RolledBack<Result> extends Error {
  constructor(readonly result: Result) {
    super('a dry run is rolled back');
  }
}

/** Makes a change, asks what came of it, and undoes it: the answer cannot differ from what the change itself would do. */
export async function dryRun<Result>(
  writer: Writer,
  work: (tx: Transaction) => Promise<Result>,
  timeoutMs?: number,
): Promise<Result> {
  try {
    return await writer.write(async (tx): Promise<never> => {
      throw new RolledBack(await work(tx));
    }, timeoutMs);
  } catch (error) {
    if (error instanceof RolledBack) return error.result as Result;
    throw error;
  }
}
