import type { Reader, Transaction } from '@bastionary/prisma/client';

/** Tokens that one api process issued to one client in one hour since its last flush. */
export interface IssuanceCount {
  readonly clientId: string;
  readonly hour: Date;
  readonly issued: number;
  readonly lastAt: Date;
}

/** Writes what was counted since the last flush. The same `batchId` again changes nothing: an unknown outcome is simply tried again. */
export async function recordIssuance(db: Reader, batchId: string, counts: readonly IssuanceCount[]): Promise<void> {
  await db.issuanceBatch.createMany({
    data: counts.map(({ clientId, hour, issued, lastAt }) => ({
      id: batchId,
      clientId,
      hour,
      issued: BigInt(issued),
      lastAt,
    })),
    skipDuplicates: true,
  });
}

/** Folds the batches into hours. Each batch is taken and added in one statement, so it counts exactly once. Returns the tokens folded. */
export async function foldIssuance(tx: Transaction): Promise<bigint> {
  const [folded] = await tx.$queryRaw<[{ issued: bigint }]>`
    WITH taken AS (
      DELETE FROM issuance_batch RETURNING client_id, hour, issued, last_at
    ), summed AS (
      SELECT client_id, hour, sum(issued)::bigint AS issued, max(last_at) AS last_at FROM taken GROUP BY client_id, hour
    ), folded AS (
      INSERT INTO tokens_per_hour AS total (client_id, hour, issued, last_at)
      SELECT client_id, hour, issued, last_at FROM summed ORDER BY client_id, hour
      ON CONFLICT (client_id, hour) DO UPDATE
        SET issued = total.issued + excluded.issued, last_at = greatest(total.last_at, excluded.last_at)
    )
    SELECT coalesce(sum(issued), 0)::bigint AS issued FROM summed`;
  return folded.issued;
}

/** Issued per hour since `since`, of one client or of all: folded rows and batches not folded yet, in one snapshot. */
export async function issuedPerHour(
  db: Reader,
  since: Date,
  clientId: string | null,
): Promise<{ hour: Date; issued: bigint }[]> {
  return db.$queryRaw`
    SELECT hour, sum(issued)::bigint AS issued
    FROM (
      SELECT client_id, hour, issued FROM tokens_per_hour WHERE hour >= ${since}
      UNION ALL
      SELECT client_id, hour, issued FROM issuance_batch WHERE hour >= ${since}
    ) AS counted
    WHERE ${clientId}::text IS NULL OR client_id = ${clientId}
    GROUP BY hour ORDER BY hour`;
}

/** Tokens ever issued to each client, and when the last one was. A client without any is not in the map. */
export async function issuanceOf(
  db: Reader,
  clientIds: readonly string[],
): Promise<Map<string, { issued: bigint; lastAt: Date }>> {
  const rows = await db.$queryRaw<{ client_id: string; issued: bigint; last_at: Date }[]>`
    SELECT client_id, sum(issued)::bigint AS issued, max(last_at) AS last_at
    FROM (
      SELECT client_id, issued, last_at FROM tokens_per_hour WHERE client_id = ANY(${[...clientIds]}::text[])
      UNION ALL
      SELECT client_id, issued, last_at FROM issuance_batch WHERE client_id = ANY(${[...clientIds]}::text[])
    ) AS counted
    GROUP BY client_id`;
  return new Map(rows.map((row) => [row.client_id, { issued: row.issued, lastAt: row.last_at }]));
}
