import type { AuditVerification } from '@bastionary/contracts/audit';
import { toInstant } from '@bastionary/contracts/text';
import { lastCheckpointOnFile } from '@bastionary/platform/audit-checkpoint-file';
import { type CheckpointKeys, loadCheckpointKeys } from '@bastionary/platform/audit-checkpoint-key';
import { contradictionOf, lastCheckpoint } from '@bastionary/platform/audit-checkpoints';
import { readLeaves } from '@bastionary/platform/audit-leaves';
import { ConfigError } from '@bastionary/platform/config';
import { CHAIN_START } from '@bastionary/platform/rules/audit-chain';
import { ChainCheck } from '@bastionary/platform/rules/audit-chain-check';
import type { Config, Database } from '../../platform/providers.js';

/** So many of the newest records are read again; all of them are what an export is for. */
const NEWEST = 1_000n;

interface Counts {
  newest: bigint;
  sealed: bigint;
  records: bigint;
  oldest: number | null;
}

/** The state of the seal, from what can be seen in a moment: the newest records, the counts, the last checkpoints. */
export async function verifyNewest(db: Database, config: Config): Promise<AuditVerification> {
  const keys = knownKeys(config);
  const [{ newest, sealed, records, oldest }] = await db.$queryRaw<[Counts]>`
    SELECT coalesce((SELECT max(idx) FROM audit_leaf), 0) AS newest, (SELECT count(*) FROM audit_leaf) AS sealed,
      (SELECT count(*) FROM audit_log) AS records,
      (SELECT extract(epoch FROM clock_timestamp() - min(l.at))::float8
        FROM audit_log l LEFT JOIN audit_leaf x ON x.seq = l.seq WHERE x.seq IS NULL) AS oldest`;
  const last = await lastCheckpoint(db);
  const fault =
    newest === sealed
      ? ((await newestFault(db, newest)) ?? (await checkpointFault(db, config, keys)))
      : `The newest seal has index ${newest}, and there are ${sealed} seals.`;
  const isBehind = oldest !== null && oldest > config.AUDIT_BEHIND_SECONDS;
  return {
    state: fault !== null ? 'broken' : isBehind ? 'behind' : 'sealed',
    fault,
    sealed_up_to: String(newest),
    unsealed: String(records - sealed),
    oldest_unsealed_seconds: oldest === null ? null : Math.max(0, Math.round(oldest * 10) / 10),
    last_checkpoint: last === null ? null : { size: last.size, at: toInstant(new Date(last.at)), note: last.note },
    public_key: keys?.signer.publicKey ?? null,
  };
}

/** The checkpoint keys, if this process has them; only the worker must. */
export function knownKeys(config: Config): CheckpointKeys | null {
  try {
    return loadCheckpointKeys(config);
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
}

async function newestFault(db: Database, newest: bigint): Promise<string | null> {
  const before = newest > NEWEST ? newest - NEWEST : 0n;
  const [link] = await db.auditLeaf.findMany({ where: { idx: before } });
  const from = link === undefined ? CHAIN_START : { index: link.idx, chain: Buffer.from(link.chain) };
  const check = new ChainCheck(from);
  for await (const line of readLeaves(db, { after: from.index, upTo: newest })) check.next(line);
  return check.fault(from.index)?.message ?? null;
}

async function checkpointFault(db: Database, config: Config, keys: CheckpointKeys | null): Promise<string | null> {
  for (const line of [await lastCheckpoint(db), lastCheckpointOnFile(config)]) {
    const fault = line === null ? null : await contradictionOf(db, line, keys?.verifiers ?? null);
    if (fault !== null) return fault;
  }
  return null;
}
