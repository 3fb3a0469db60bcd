import type { Database, Reader, Transaction } from '@bastionary/prisma/client';
import { writeBatchOnce } from './written-batches.js';

/** Tokens alike in all that they can be counted or revoked by, issued by one api process in one minute since its last flush. */
export interface IssuanceCount {
  readonly clientId: string;
  readonly credentialId: string;
  /** The signing key; empty for opaque tokens. */
  readonly kid: string;
  readonly audience: readonly string[];
  readonly scope: string;
  /** Whether the client named the scope. */
  readonly requested: boolean;
  readonly minute: Date;
  /** The minute in which the last of them ends. */
  readonly endsIn: Date;
  readonly issued: number;
  readonly lastAt: Date;
}

/** Writes what was counted since the last flush. The same `batchId` again changes nothing: an unknown outcome is simply tried again. */
export function recordIssuance(db: Database, batchId: string, counts: readonly IssuanceCount[]): Promise<void> {
  const data = counts.map((count, row) => ({
    ...count,
    id: batchId,
    row,
    audience: [...count.audience],
    issued: BigInt(count.issued),
  }));
  return writeBatchOnce(db, batchId, (tx) => tx.issuanceBatch.createMany({ data }));
}

/** Tokens of a customer's client, issued in one minute, as one batch counted them. */
export interface CustomerIssuance {
  readonly batch: string;
  readonly customerId: string;
  readonly clientId: string;
  /** Milliseconds of its beginning. */
  readonly minute: number;
  readonly count: number;
}

/**
 * Folds the batches into tokens per hour, into the tokens that may be alive, and into the use of scopes per day.
 * Each batch is taken and added in one statement, so it counts exactly once. Returns the tokens folded, and those of
 * customers' clients by batch, client and minute.
 */
export async function foldIssuance(tx: Transaction): Promise<{ issued: bigint; ofCustomers: CustomerIssuance[] }> {
  const [folded] = await tx.$queryRaw<[{ issued: bigint; ofCustomers: CustomerIssuance[] }]>`
    WITH taken AS (
      DELETE FROM issuance_batch RETURNING *
    ), per_hour AS (
      INSERT INTO tokens_per_hour AS total (client_id, hour, issued, last_at)
      SELECT client_id, date_trunc('hour', minute, 'UTC') AS hour, sum(issued), max(last_at)
      FROM taken GROUP BY 1, 2 ORDER BY 1, 2
      ON CONFLICT (client_id, hour) DO UPDATE
        SET issued = total.issued + excluded.issued, last_at = greatest(total.last_at, excluded.last_at)
    ), alive AS (
      INSERT INTO live_tokens AS total (digest, client_id, credential_id, kid, audience, minute, ends_in, issued)
      SELECT sha256(convert_to(concat_ws('|', client_id, credential_id, kid, audience::text, extract(epoch FROM minute),
          extract(epoch FROM ends_in)), 'UTF8')) AS digest,
        client_id, credential_id, kid, audience, minute, ends_in, sum(issued)
      FROM taken GROUP BY client_id, credential_id, kid, audience, minute, ends_in ORDER BY 1
      ON CONFLICT (digest) DO UPDATE SET issued = total.issued + excluded.issued
    ), scopes AS (
      INSERT INTO scope_use AS total (client_id, scope, day, requested, defaulted, last_at)
      SELECT client_id, name, (minute AT TIME ZONE 'UTC')::date, coalesce(sum(issued) FILTER (WHERE requested), 0),
        coalesce(sum(issued) FILTER (WHERE NOT requested), 0), max(last_at)
      FROM taken, unnest(string_to_array(scope, ' ')) AS name GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      ON CONFLICT (client_id, scope, day) DO UPDATE SET requested = total.requested + excluded.requested,
        defaulted = total.defaulted + excluded.defaulted, last_at = greatest(total.last_at, excluded.last_at)
    ), of_customers AS (
      SELECT taken.id AS batch, client.customer_id AS "customerId", client_id AS "clientId",
        extract(epoch FROM minute)::bigint * 1000 AS minute, sum(issued) AS count
      FROM taken JOIN client USING (client_id) WHERE client.customer_id IS NOT NULL GROUP BY 1, 2, 3, 4
    )
    SELECT coalesce(sum(issued), 0)::bigint AS issued,
      (SELECT coalesce(json_agg(of_customers), '[]') FROM of_customers) AS "ofCustomers" FROM taken`;
  return folded;
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
      SELECT client_id, date_trunc('hour', minute, 'UTC'), issued FROM issuance_batch WHERE minute >= ${since}
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

/** Forgets counts of tokens that have all ended. Returns how many rows. */
export async function purgeLiveTokens(db: Reader, now: Date): Promise<number> {
  // A minute that has ended has no live token in it.
  const { count } = await db.liveTokens.deleteMany({ where: { endsIn: { lt: new Date(now.getTime() - 60_000) } } });
  return count;
}
