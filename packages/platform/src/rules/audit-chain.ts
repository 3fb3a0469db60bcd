import { createHash } from 'node:crypto';

/** A record as it is sealed and exported. Every column of its row is here: what is not could be edited unseen. */
export interface SealedFields {
  /** Decimal integer; gaps are normal */
  readonly seq: string;
  /** Decimal number of the database transaction that wrote it */
  readonly txid: string;
  /** RFC 3339 UTC with milliseconds */
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly request_id: string | null;
  readonly address: string | null;
  /** The stored text itself, not what it parses to */
  readonly detail: string;
}

/** The place of a record in the chain. */
export interface Link {
  /** Dense, from 1 */
  readonly index: bigint;
  readonly chain: Buffer;
}

export interface Leaf extends Link {
  readonly seq: string;
  readonly leaf: Buffer;
}

/** Where every chain begins: nothing sealed, 32 zero bytes. */
export const CHAIN_START: Link = { index: 0n, chain: Buffer.alloc(32) };

/** The bytes that are hashed for a record: RFC 8785 canonical JSON, whose keys stand in the order of their names. */
export function leafBytes(record: SealedFields): Buffer {
  const { action, actor, address, at, detail, request_id, seq, target, txid } = record;
  return Buffer.from(JSON.stringify({ action, actor, address, at, detail, request_id, seq, target, txid }));
}

/** SHA-256(0x00 ‖ record). The first byte keeps leaves and links apart, as in RFC 6962 §2.1. */
export const hashLeaf = (record: SealedFields): Buffer =>
  createHash('sha256').update('\0').update(leafBytes(record)).digest();

/** SHA-256(0x01 ‖ chain of the record before ‖ leaf). */
export const hashLink = (before: Buffer, leaf: Buffer): Buffer =>
  createHash('sha256').update('\x01').update(before).update(leaf).digest();

/** The seals of further records, in the order given, after `last`. */
export function extendChain(last: Link, records: readonly SealedFields[]): Leaf[] {
  let { index, chain } = last;
  return records.map((record) => {
    const leaf = hashLeaf(record);
    index += 1n;
    chain = hashLink(chain, leaf);
    return { index, seq: record.seq, leaf, chain };
  });
}
