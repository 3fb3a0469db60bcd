import type { Reader, Transaction } from '@bastionary/prisma/client';
import { appendCheckpoints, lastCheckpointOnFile } from './audit-checkpoint-file.js';
import { type CheckpointKeys, loadCheckpointKeys } from './audit-checkpoint-key.js';
import { readLeaves } from './audit-leaves.js';
import { newestLink } from './audit-sealer.js';
import type { Config } from './config.js';
import { CHAIN_START, type Link } from './rules/audit-chain.js';
import { ChainCheck } from './rules/audit-chain-check.js';
import { openCheckpoint, signCheckpoint } from './rules/audit-checkpoint.js';
import type { CheckpointLine } from './rules/audit-export.js';
import { NoteError } from './rules/signed-note.js';

/** Any constant will do; all workers must hold the same. */
const LOCK = 5_310_774_903;
/** So many records are read again before one signature; a longer stretch gets several. */
const STRETCH = 20_000n;
const FIRST = -(2n ** 63n);

/** The log is not what was signed before. Nothing is signed until somebody has looked. */
export class AuditContradiction extends Error {}

type Settings = Pick<
  Config,
  'BASTIONARY_DATA_DIR' | 'AUDIT_CHECKPOINT_KEY' | 'AUDIT_CHECKPOINT_SECONDS' | 'AUDIT_CHECKPOINT_RECORDS'
>;

/**
 * Brings the checkpoint file up to what is committed, then signs a new checkpoint if one is due. The file gets that one
 * at the next call: what it holds is always in the database too, unless somebody took it away there.
 * Before it signs, it reads again what was sealed since the last checkpoint.
 * @returns the new checkpoint; null if none was due, or another worker is at it
 * @throws AuditContradiction, ConfigError
 */
export async function checkpointAudit(tx: Transaction, settings: Settings, now: Date): Promise<CheckpointLine | null> {
  const [{ held }] = await tx.$queryRaw<[{ held: boolean }]>`SELECT pg_try_advisory_xact_lock(${LOCK}) AS held`;
  if (!held) return null;
  const keys = loadCheckpointKeys(settings);
  const onFile = lastCheckpointOnFile(settings);
  if (onFile !== null) await demand(tx, onFile, keys);
  const unfiled = await readCheckpoints(tx, { after: onFile === null ? FIRST : BigInt(onFile.size), limit: 1_000 });
  for (const line of unfiled) await demand(tx, line, keys);
  if (unfiled.length > 0) appendCheckpoints(settings, unfiled);
  return sign(tx, unfiled.at(-1) ?? onFile, keys, settings, now);
}

async function sign(
  tx: Transaction,
  last: CheckpointLine | null,
  keys: CheckpointKeys,
  settings: Settings,
  now: Date,
): Promise<CheckpointLine | null> {
  const newest = await newestLink(tx);
  const from: Link =
    last === null ? CHAIN_START : { index: BigInt(last.size), chain: Buffer.from(last.head, 'base64') };
  const waiting = newest.index - from.index;
  const isOld = last === null || now.getTime() - Date.parse(last.at) >= settings.AUDIT_CHECKPOINT_SECONDS * 1_000;
  if (waiting <= 0n || !(isOld || waiting >= BigInt(settings.AUDIT_CHECKPOINT_RECORDS))) return null;
  const check = new ChainCheck(from);
  const upTo = waiting > STRETCH ? from.index + STRETCH : newest.index;
  for await (const line of readLeaves(tx, { after: from.index, upTo })) check.next(line);
  const fault = check.fault(from.index);
  if (fault !== null) throw new AuditContradiction(fault.message);
  const note = signCheckpoint(check.holdsUpTo, now, keys.signer);
  const { size, head, at } = openCheckpoint(note, keys.verifiers);
  await tx.$executeRaw`
    INSERT INTO audit_checkpoint (size, head, at, note) VALUES (${size}, ${head}, ${at}::timestamptz, ${note})`;
  return { type: 'checkpoint', size: String(size), head: head.toString('base64'), at, note };
}

async function demand(tx: Reader, line: CheckpointLine, { verifiers }: CheckpointKeys): Promise<void> {
  const contradiction = await contradictionOf(tx, line, verifiers);
  if (contradiction !== null) throw new AuditContradiction(contradiction);
}

/** What the log says against a checkpoint, in words; null if it agrees. Without verifiers, the signature is not looked at. */
export async function contradictionOf(
  db: Reader,
  line: CheckpointLine,
  verifiers: CheckpointKeys['verifiers'] | null,
): Promise<string | null> {
  if (verifiers !== null) {
    try {
      const { size, head, at } = openCheckpoint(line.note, verifiers);
      if (String(size) !== line.size || head.toString('base64') !== line.head || at !== line.at)
        return `The checkpoint of size ${line.size} is not what its signed note says.`;
    } catch (error) {
      if (!(error instanceof NoteError)) throw error;
      return `The checkpoint of size ${line.size}: ${error.message}.`;
    }
  }
  const [leaf] = await db.$queryRaw<{ head: string }[]>`
    SELECT encode(chain, 'base64') AS head FROM audit_leaf WHERE idx = ${BigInt(line.size)}`;
  if (leaf === undefined) return `A checkpoint counts ${line.size} records; the log has not so many.`;
  if (leaf.head !== line.head)
    return `The first ${line.size} records are not those that the checkpoint of ${line.at} counts.`;
  return null;
}

/** Checkpoints by size. @param range after (exclusive) */
export async function readCheckpoints(
  db: Reader,
  { after = FIRST, limit }: { after?: bigint; limit: number },
): Promise<CheckpointLine[]> {
  const rows = await db.$queryRaw<Omit<CheckpointLine, 'type'>[]>`
    SELECT size::text, encode(head, 'base64') AS head, note,
      CASE WHEN at >= '0002-01-01' AND at < '9999-01-01'
        THEN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') ELSE at::text END AS at
    FROM audit_checkpoint WHERE size > ${after} ORDER BY size LIMIT ${limit}`;
  return rows.map((row) => ({ type: 'checkpoint', ...row }));
}

/** The checkpoint of the largest size; null if there is none. */
export async function lastCheckpoint(db: Reader): Promise<CheckpointLine | null> {
  const [row] = await db.$queryRaw<
    { size: bigint }[]
  >`SELECT max(size) AS size FROM audit_checkpoint HAVING count(*) > 0`;
  if (row === undefined) return null;
  const [line] = await readCheckpoints(db, { after: row.size - 1n, limit: 1 });
  return line ?? null;
}
