import type { Reader, Transaction } from '@bastionary/prisma/client';

export interface FailureRow {
  readonly id: string;
  readonly traceId: string;
  readonly at: Date;
  readonly endpoint: string;
  readonly clientId: string | null;
  readonly scope: string | null;
  readonly error: string;
  readonly reasonCode: string;
  readonly reason: string;
  readonly address: string | null;
}

/** Which of these ids belong to a client, or did to one since deleted. */
export async function registeredClientIds(db: Reader, claimed: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db.client.findMany({ where: { clientId: { in: [...claimed] } }, select: { clientId: true } });
  return new Set(rows.map(({ clientId }) => clientId));
}

/** Stores failures. The same ids again change nothing: an unknown outcome is simply tried again. */
export async function recordFailures(db: Reader, rows: readonly FailureRow[]): Promise<void> {
  await db.authFailure.createMany({ data: [...rows], skipDuplicates: true });
}

export interface FailureFilter {
  readonly limit: number;
  readonly after: { readonly at: Date; readonly id: string } | undefined;
  readonly clientId: string | undefined;
  readonly traceId: string | undefined;
}

/** Failures, the newest first; one more than asked for if there are more. */
export async function listFailures(db: Reader, { limit, after, clientId, traceId }: FailureFilter) {
  return db.authFailure.findMany({
    where: {
      clientId,
      traceId,
      ...(after && { OR: [{ at: { lt: after.at } }, { at: after.at, id: { lt: after.id } }] }),
    },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: limit + 1,
  });
}

/** Removes failures from before `before`, and the oldest beyond `most`: a flood must not fill the disk. Returns how many. */
export async function purgeFailures(tx: Transaction, before: Date, most: number): Promise<number> {
  const old = await tx.authFailure.deleteMany({ where: { at: { lt: before } } });
  const excess = await tx.$executeRaw`
    DELETE FROM auth_failure WHERE (at, id) <= (
      SELECT at, id FROM auth_failure ORDER BY at DESC, id DESC OFFSET ${most} LIMIT 1)`;
  return old.count + excess;
}
