import { lastCheckpoint, readCheckpoints } from '@bastionary/platform/audit-checkpoints';
import { readLeaves } from '@bastionary/platform/audit-leaves';
import { type ExportLine, formatLine } from '@bastionary/platform/rules/audit-export';
import type { Database } from '../../platform/providers.js';

const PAGE = 500;

interface Extent {
  size: bigint;
  checkpoints: bigint;
  exported_at: Date;
}

/**
 * The whole audit log as JSON Lines: a header, every seal with its record, every checkpoint.
 * What is read is fixed by the first statement; since nothing of it ever changes, no transaction stays open meanwhile.
 */
export async function* exportAudit(db: Database, publicKey: string | null): AsyncGenerator<string> {
  const upTo = (await lastCheckpoint(db))?.size ?? '0';
  const [extent] = await db.$queryRaw<[Extent]>`
    SELECT coalesce((SELECT max(idx) FROM audit_leaf), 0) AS size, clock_timestamp() AS exported_at,
      (SELECT count(*) FROM audit_checkpoint WHERE size <= ${BigInt(upTo)}) AS checkpoints`;
  const line = (content: ExportLine): string => `${formatLine(content)}\n`;
  yield line({
    type: 'audit_export',
    version: '1',
    exported_at: extent.exported_at.toISOString(),
    size: String(extent.size),
    checkpoints: String(extent.checkpoints),
    public_key: publicKey,
  });
  for await (const leaf of readLeaves(db, { upTo: extent.size })) yield line(leaf);
  let after: bigint | undefined;
  for (let left = Number(extent.checkpoints); left > 0; left -= PAGE) {
    const page = await readCheckpoints(db, { ...(after !== undefined && { after }), limit: Math.min(left, PAGE) });
    for (const checkpoint of page) yield line(checkpoint);
    const last = page.at(-1);
    if (last === undefined) return;
    after = BigInt(last.size);
  }
}
