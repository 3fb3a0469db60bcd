import { createHash } from 'node:crypto';
import type { Pool, Reader } from '@bastionary/prisma/client';

/** A text that proves something once: a client assertion or a DPoP proof. */
export interface Proof {
  readonly digest: Buffer;
  readonly expiresAt: Date;
}

/** Names a proof by its kind, whoever made it, and its jti; none of them can run into the next. */
export const proofDigest = (kind: 'assertion' | 'dpop', issuer: string, jti: string): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([kind, issuer, jti]))
    .digest();

/**
 * Records proofs, each of which counts once: in every process, and after a restart. One statement for all of them.
 * @returns for each proof, in the order given, whether this was its first use
 */
export async function useProofs(pool: Pool, proofs: readonly Proof[]): Promise<boolean[]> {
  // In one order in every process, or two of them could wait for each other.
  const { rows } = await pool.query<{ digest: Buffer }>({
    name: 'use-proofs',
    text: `INSERT INTO used_proof (digest, expires_at)
     SELECT * FROM unnest($1::bytea[], $2::timestamptz[]) AS proof (digest, expires_at) ORDER BY digest
     ON CONFLICT DO NOTHING RETURNING digest`,
    values: [proofs.map(({ digest }) => digest), proofs.map(({ expiresAt }) => expiresAt)],
  });
  const fresh = new Set(rows.map(({ digest }) => digest.toString('base64')));
  // Of two equal ones in this very call the first is the first use.
  return proofs.map(({ digest }) => fresh.delete(digest.toString('base64')));
}

/** Forgets proofs that no clock would accept any more. Returns how many. */
export async function purgeProofs(db: Reader, now: Date): Promise<number> {
  const { count } = await db.usedProof.deleteMany({ where: { expiresAt: { lt: now } } });
  return count;
}
