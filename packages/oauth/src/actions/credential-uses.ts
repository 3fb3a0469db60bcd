import type { Database, Reader, Transaction } from '@bastionary/prisma/client';
import { writeBatchOnce } from './written-batches.js';

/** How often one api process saw a credential prove its client in one hour, since its last flush. */
export interface CredentialUses {
  readonly credentialId: string;
  readonly hour: Date;
  readonly uses: number;
  readonly lastAt: Date;
  /** Of the last use */
  readonly address: string;
}

/** Writes what was counted since the last flush. The same `batchId` again changes nothing. */
export function recordCredentialUses(db: Database, batchId: string, counted: readonly CredentialUses[]): Promise<void> {
  const data = counted.map(({ uses, ...rest }) => ({ ...rest, id: batchId, uses: BigInt(uses) }));
  return writeBatchOnce(db, batchId, (tx) => tx.credentialUseBatch.createMany({ data }));
}

/** Folds the batches into hours. Each batch is taken and added in one statement, so it counts exactly once. Returns the uses folded. */
export async function foldCredentialUses(tx: Transaction): Promise<bigint> {
  const [folded] = await tx.$queryRaw<[{ uses: bigint }]>`
    WITH taken AS (
      DELETE FROM credential_use_batch RETURNING credential_id, hour, uses, last_at, address
    ), summed AS (
      SELECT credential_id, hour, sum(uses)::bigint AS uses, max(last_at) AS last_at,
        (array_agg(address ORDER BY last_at DESC))[1] AS address
      FROM taken GROUP BY credential_id, hour
    ), folded AS (
      INSERT INTO credential_use AS total (credential_id, hour, uses, last_at, address)
      SELECT credential_id, hour, uses, last_at, address FROM summed ORDER BY credential_id, hour
      ON CONFLICT (credential_id, hour) DO UPDATE
        SET uses = total.uses + excluded.uses, last_at = greatest(total.last_at, excluded.last_at),
          address = CASE WHEN excluded.last_at > total.last_at THEN excluded.address ELSE total.address END
    )
    SELECT coalesce(sum(uses), 0)::bigint AS uses FROM summed`;
  return folded.uses;
}

/** What is known of the use of one credential, in one snapshot. */
export interface UseRecord {
  readonly uses: bigint;
  readonly lastAt: Date;
  readonly lastAddress: string;
  /** Uses in the UTC hours that reach into the last 60 minutes: never too few, and none if the last use is older. */
  readonly lastHour: bigint;
  /** The same of the last 24 hours. */
  readonly lastDay: bigint;
}

/** The use of each credential; one that was never used is not in the map. */
export async function usesOf(db: Reader, credentialIds: readonly string[], now: Date): Promise<Map<string, UseRecord>> {
  const rows = await db.$queryRaw<({ credentialId: string } & UseRecord)[]>`
    SELECT credential_id AS "credentialId", sum(uses)::bigint AS uses, max(last_at) AS "lastAt",
      (array_agg(address ORDER BY last_at DESC))[1] AS "lastAddress",
      coalesce(sum(uses) FILTER (WHERE last_at > ${now}::timestamptz - interval '1 hour'), 0)::bigint AS "lastHour",
      coalesce(sum(uses) FILTER (WHERE last_at > ${now}::timestamptz - interval '1 day'), 0)::bigint AS "lastDay"
    FROM (
      SELECT credential_id, uses, last_at, address FROM credential_use WHERE credential_id = ANY(${[...credentialIds]}::text[])
      UNION ALL
      SELECT credential_id, uses, last_at, address FROM credential_use_batch WHERE credential_id = ANY(${[...credentialIds]}::text[])
    ) AS counted
    GROUP BY credential_id`;
  return new Map(rows.map(({ credentialId, ...record }) => [credentialId, record]));
}

/** The longest pause between two uses of a credential that is known of, in milliseconds; 0 if there were not two. */
export async function longestPause(db: Reader, credentialId: string): Promise<number> {
  const [row] = await db.$queryRaw<[{ milliseconds: number }]>`
    SELECT coalesce(max(extract(epoch FROM pause) * 1000), 0)::float8 AS milliseconds
    FROM (
      SELECT last_at - lag(last_at) OVER (ORDER BY last_at) AS pause
      FROM (
        SELECT last_at FROM credential_use WHERE credential_id = ${credentialId}
        UNION ALL
        SELECT last_at FROM credential_use_batch WHERE credential_id = ${credentialId}
      ) AS counted
    ) AS pauses`;
  return row.milliseconds;
}

/**
 * Forgets the hours before `before`: their uses stay in one row per credential, at hour 0 of 1970, so that no count ever
 * falls. What is left of deleted credentials goes. Returns the rows removed.
 */
export async function purgeCredentialUses(tx: Transaction, before: Date): Promise<number> {
  const [purged] = await tx.$queryRaw<[{ rows: number }]>`
    WITH old AS (
      DELETE FROM credential_use AS one
      WHERE hour < ${before}
        AND (hour > 'epoch' OR NOT EXISTS (SELECT FROM credential WHERE id = one.credential_id))
      RETURNING credential_id, uses, last_at, address
    ), kept AS (
      INSERT INTO credential_use AS total (credential_id, hour, uses, last_at, address)
      SELECT credential_id, 'epoch', sum(uses)::bigint, max(last_at), (array_agg(address ORDER BY last_at DESC))[1]
      FROM old WHERE EXISTS (SELECT FROM credential WHERE id = old.credential_id)
      GROUP BY credential_id ORDER BY credential_id
      ON CONFLICT (credential_id, hour) DO UPDATE
        SET uses = total.uses + excluded.uses, last_at = greatest(total.last_at, excluded.last_at),
          address = CASE WHEN excluded.last_at > total.last_at THEN excluded.address ELSE total.address END
    )
    SELECT count(*)::int AS rows FROM old`;
  return purged.rows;
}
