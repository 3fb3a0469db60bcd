import type { Transaction } from '@bastionary/prisma/client';
import { auditColumns, type LeafRow, toLink, toRecord } from './audit-leaves.js';
import { CHAIN_START, extendChain, type Leaf, type Link } from './rules/audit-chain.js';

/** Any constant will do; all workers must hold the same. */
const LOCK = 5_310_774_902;
const BATCH = 2_000;
const BATCHES = 5;

export interface Sealed {
  /** The newest seal */
  readonly head: Link;
  readonly records: number;
}

/**
 * Seals what was recorded: gives every record its dense index, its leaf hash and its link of the chain.
 * Records are sealed in the order of (transaction, number), and only those of transactions than which none older still
 * runs: nothing can come before them any more. So what is sealed is always a beginning of that order, the newest seal
 * says where to go on, and a late commit gets a later index instead of being passed over.
 * @param sweep also looks before the newest seal, for what a restore from a logical copy may have left there; reads all
 * @returns null if another worker is at it
 */
export async function sealAudit(tx: Transaction, { sweep }: { sweep: boolean }): Promise<Sealed | null> {
  const [{ held }] = await tx.$queryRaw<[{ held: boolean }]>`SELECT pg_try_advisory_xact_lock(${LOCK}) AS held`;
  if (!held) return null;
  let head = await newestLink(tx);
  let records = 0;
  for (let batch = 0; batch < BATCHES; batch++) {
    const leaves = extendChain(head, await unsealed(tx, sweep));
    if (leaves.length > 0) await insertLeaves(tx, leaves);
    head = leaves.at(-1) ?? head;
    records += leaves.length;
    if (leaves.length < BATCH) break;
  }
  return { head, records };
}

/** The newest seal; the start of the chain if there is none. */
export async function newestLink(tx: Transaction): Promise<Link> {
  const [row] = await tx.$queryRaw<Pick<LeafRow, 'index' | 'chain'>[]>`
    SELECT idx::text AS index, chain FROM audit_leaf ORDER BY idx DESC LIMIT 1`;
  return row === undefined ? CHAIN_START : toLink(row);
}

async function unsealed(tx: Transaction, sweep: boolean) {
  // A transaction number past all that this server has given was given by another one, before a restore.
  const rows = await tx.$queryRaw<LeafRow[]>`
    WITH newest AS (
      SELECT l.txid, l.seq FROM audit_leaf x JOIN audit_log l ON l.seq = x.seq ORDER BY x.idx DESC LIMIT 1
    )
    SELECT ${auditColumns} FROM audit_log l LEFT JOIN audit_leaf x ON x.seq = l.seq
    WHERE x.seq IS NULL
      AND (l.txid < pg_snapshot_xmin(pg_current_snapshot()) OR l.txid >= pg_snapshot_xmax(pg_current_snapshot()))
      AND (${sweep} OR (l.txid, l.seq) > (coalesce((SELECT txid FROM newest), '0'), coalesce((SELECT seq FROM newest), 0)))
    ORDER BY l.txid, l.seq LIMIT ${BATCH}`;
  return rows.map(toRecord);
}

const insertLeaves = (tx: Transaction, leaves: readonly Leaf[]) => tx.$executeRaw`
  INSERT INTO audit_leaf (idx, seq, leaf, chain)
  SELECT idx::bigint, seq::bigint, decode(leaf, 'hex'), decode(chain, 'hex')
  FROM unnest(
    ${leaves.map(({ index }) => String(index))}::text[],
    ${leaves.map(({ seq }) => seq)}::text[],
    ${leaves.map(({ leaf }) => leaf.toString('hex'))}::text[],
    ${leaves.map(({ chain }) => chain.toString('hex'))}::text[]
  ) AS sealed (idx, seq, leaf, chain)`;
