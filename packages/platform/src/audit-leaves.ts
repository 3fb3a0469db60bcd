import { type Reader, sql } from '@bastionary/prisma/client';
import type { Link, SealedFields } from './rules/audit-chain.js';
import type { LeafLine } from './rules/audit-export.js';

const PAGE = 1_000;
const FIRST = -(2n ** 63n);

export interface LeafRow {
  readonly index: string;
  readonly seal_seq: string;
  readonly leaf: Uint8Array;
  readonly chain: Uint8Array;
  readonly seq: string | null;
  readonly txid: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly request_id: string | null;
  readonly address: string | null;
  readonly detail: string;
}

/**
 * The columns of audit_log `l` as they are sealed. The time is written by the database: a time that was tampered with
 * may be one that JavaScript cannot hold.
 */
export const auditColumns = sql`
  l.seq::text AS seq, l.txid::text AS txid,
  CASE WHEN l.at >= '0002-01-01' AND l.at < '9999-01-01'
    THEN to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') ELSE l.at::text END AS at,
  l.actor, l.action, l.target, l.request_id, l.address, l.detail`;

export const toLink = ({ index, chain }: Pick<LeafRow, 'index' | 'chain'>): Link => ({
  index: BigInt(index),
  chain: Buffer.from(chain),
});

export const toRecord = (row: LeafRow): SealedFields => {
  const { seq, txid, at, actor, action, target, request_id, address, detail } = row;
  return { seq: seq ?? '', txid, at, actor, action, target, request_id, address, detail };
};

/**
 * Seals with their records, in the order of their index, read page by page.
 * @param range after (exclusive; default: from whatever is first) and upTo (inclusive)
 */
export async function* readLeaves(
  db: Reader,
  { after = FIRST, upTo }: { after?: bigint; upTo: bigint },
): AsyncGenerator<LeafLine> {
  for (let last = after; ; ) {
    const rows = await db.$queryRaw<LeafRow[]>`
      SELECT x.idx::text AS index, x.seq::text AS seal_seq, x.leaf, x.chain, ${auditColumns}
      FROM audit_leaf x LEFT JOIN audit_log l ON l.seq = x.seq
      WHERE x.idx > ${last} AND x.idx <= ${upTo} ORDER BY x.idx LIMIT ${PAGE}`;
    for (const row of rows) {
      yield {
        type: 'leaf',
        index: row.index,
        seq: row.seal_seq,
        leaf: Buffer.from(row.leaf).toString('base64url'),
        chain: Buffer.from(row.chain).toString('base64url'),
        record: row.seq === null ? null : toRecord(row),
      };
    }
    const end = rows.at(-1);
    if (end === undefined || rows.length < PAGE) return;
    last = BigInt(end.index);
  }
}
