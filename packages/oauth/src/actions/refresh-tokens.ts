import { randomBytes } from 'node:crypto';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import type { Pool, Reader, Transaction } from '@bastionary/prisma/client';
import { formatOwn } from '../rules/own-form.js';
import type { StoredRefresh } from '../rules/refresh.js';
import { appendClientEvent } from './append-client-event.js';
import { raiseNotBefore } from './not-before.js';

/** A refresh token as it is stored, and what its family was granted. */
export interface KnownRefresh extends StoredRefresh {
  readonly digest: Buffer;
  readonly familyId: string;
  /** The credential the family began with. */
  readonly credentialId: string;
  readonly scope: string;
  readonly resources: readonly string[];
  readonly pepperVersion: number;
}

export interface NewFamily {
  readonly id: string;
  readonly clientId: string;
  readonly credentialId: string;
  readonly scope: string;
  readonly resources: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly firstDigest: Buffer;
  readonly pepperVersion: number;
}

/** The first token of a family, and the id of the family. */
export const newRefresh = (now: number): { token: string; familyId: string } => ({
  token: formatOwn('refresh', randomBytes(32)),
  familyId: newId('rtf', now),
});

/** Writes families with their first tokens, in one statement. */
export async function startFamilies(pool: Pool, families: readonly NewFamily[]): Promise<void> {
  await pool.query({
    name: 'start-refresh-families',
    text: `WITH given AS (
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[],
          $7::timestamptz[], $8::bytea[], $9::int[])
          AS family (id, client_id, credential_id, scope, resources, created_at, expires_at, digest, pepper_version)
      ), born AS (
        INSERT INTO refresh_family (id, client_id, credential_id, scope, resources, created_at, expires_at)
        SELECT id, client_id, credential_id, scope, string_to_array(resources, ' '), created_at, expires_at FROM given
      )
      INSERT INTO refresh_token (digest, family_id, pepper_version, created_at)
      SELECT digest, id, pepper_version, created_at FROM given`,
    values: [
      families.map(({ id }) => id),
      families.map(({ clientId }) => clientId),
      families.map(({ credentialId }) => credentialId),
      families.map(({ scope }) => scope),
      families.map(({ resources }) => resources.join(' ')),
      families.map(({ createdAt }) => createdAt),
      families.map(({ expiresAt }) => expiresAt),
      families.map(({ firstDigest }) => firstDigest),
      families.map(({ pepperVersion }) => pepperVersion),
    ],
  });
}

/** The tokens of these digests; those unknown are missing. */
export async function findRefreshTokens(pool: Pool, digests: readonly Buffer[]): Promise<KnownRefresh[]> {
  const { rows } = await pool.query({
    name: 'find-refresh-tokens',
    text: `SELECT digest, family_id, pepper_version, used_at, retries, client_id, credential_id, scope, resources, family.created_at,
        expires_at, revoked_at
      FROM refresh_token JOIN refresh_family AS family ON family.id = family_id WHERE digest = ANY($1::bytea[])`,
    values: [digests],
  });
  return rows.map((row) => ({
    digest: row.digest,
    familyId: row.family_id,
    pepperVersion: row.pepper_version,
    clientId: row.client_id,
    credentialId: row.credential_id,
    scope: row.scope,
    resources: row.resources,
    familyCreatedAt: row.created_at.getTime(),
    familyExpiresAt: row.expires_at.getTime(),
    familyRevokedAt: row.revoked_at?.getTime() ?? null,
    usedAt: row.used_at?.getTime() ?? null,
    retries: row.retries,
  }));
}

export interface Redemption {
  readonly digest: Buffer;
  readonly successor: Buffer;
  /** The pepper that the successor's own successor will be computed under. */
  readonly pepperVersion: number;
  readonly at: Date;
}

/**
 * Marks tokens used and brings their successors into the world, in one statement. A token that another request has used
 * in the meantime counts a retry. One whose family was revoked in the meantime is left alone.
 * @returns the digests (base64) that were redeemed or retried: for the others there is no successor
 */
export async function redeemRefreshTokens(pool: Pool, redemptions: readonly Redemption[]): Promise<Set<string>> {
  const { rows } = await pool.query<{ digest: Buffer }>({
    name: 'redeem-refresh-tokens',
    text: `WITH given AS (
        SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::int[], $4::timestamptz[])
          AS redemption (digest, successor, pepper_version, at)
      ), locked AS (
        -- In one order in every process. The lock also waits for a revocation under way, and sees it.
        SELECT token.digest FROM given JOIN refresh_token AS token USING (digest) JOIN refresh_family AS family ON family.id = family_id
        WHERE family.revoked_at IS NULL ORDER BY token.digest FOR UPDATE OF token FOR SHARE OF family
      ), used AS (
        UPDATE refresh_token AS token
        SET used_at = coalesce(token.used_at, given.at), retries = token.retries + (token.used_at IS NOT NULL)::int
        FROM given JOIN locked USING (digest) WHERE token.digest = given.digest
        RETURNING token.digest, token.family_id, given.successor, given.pepper_version, given.at
      ), born AS (
        INSERT INTO refresh_token (digest, family_id, pepper_version, created_at)
        SELECT successor, family_id, pepper_version, at FROM used ON CONFLICT (digest) DO NOTHING
      )
      SELECT digest FROM used`,
    values: [
      redemptions.map(({ digest }) => digest),
      redemptions.map(({ successor }) => successor),
      redemptions.map(({ pepperVersion }) => pepperVersion),
      redemptions.map(({ at }) => at),
    ],
  });
  return new Set(rows.map(({ digest }) => digest.toString('base64')));
}

/**
 * Ends a family: its refresh tokens and every access token that came with them. A second time changes nothing.
 * @param why what stands in the audit log
 * @returns whether it was alive until now
 */
export async function revokeFamily(
  tx: Transaction,
  origin: Origin,
  familyId: string,
  why: 'reuse' | 'revoked',
  now: Date,
): Promise<boolean> {
  const { count } = await tx.refreshFamily.updateMany({
    where: { id: familyId, revokedAt: null },
    data: { revokedAt: now },
  });
  if (count === 0) return false;
  const { clientId } = await tx.refreshFamily.findUniqueOrThrow({ where: { id: familyId } });
  // One millisecond on: what was issued in this very one is dead too.
  await raiseNotBefore(tx, origin, 'family', familyId, new Date(now.getTime() + 1), now);
  await appendAudit(tx, origin, {
    action: why === 'reuse' ? 'refresh_token.reused' : 'refresh_token.revoked',
    target: `client:${clientId}`,
    detail: { family: familyId },
  });
  if (why === 'reuse')
    await appendClientEvent(tx, { type: 'refresh_token.reused', clientId, data: { family: familyId } });
  return true;
}

/** Removes families that have expired, with their tokens. Returns how many. */
export async function purgeFamilies(db: Reader, now: Date): Promise<number> {
  const { count } = await db.refreshFamily.deleteMany({ where: { expiresAt: { lt: now } } });
  return count;
}
