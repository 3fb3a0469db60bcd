import { CHAIN_START, hashLeaf, hashLink, type Link } from './audit-chain.js';
import type { LeafLine } from './audit-export.js';

export type FaultKind = 'altered' | 'missing' | 'added' | 'reordered' | 'rewritten' | 'checkpoint' | 'unreadable';

/** What is wrong first. The bad record is among the indexes `from` to `to`; mostly they are one. */
export interface AuditFault {
  readonly kind: FaultKind;
  readonly from: bigint;
  readonly to: bigint;
  /** Number of the record, where one can be told */
  readonly seq: string | null;
  readonly message: string;
}

type Found = Omit<AuditFault, 'from' | 'to'> & { readonly at: bigint; readonly from?: bigint };

/**
 * Walks the seals in the order of their index and stops at the first that does not hold. What comes after it only
 * tells what happened there: whether a record was altered, taken away, put in or moved.
 */
export class ChainCheck {
  /** Chain values by place, from `after` on: computed before the fault, as they are stored behind it. */
  readonly chains: Buffer[];
  private last: Link;
  private found: Found | null = null;
  private suspect: LeafLine | null = null;

  constructor(private readonly after: Link = CHAIN_START) {
    this.last = after;
    this.chains = [after.chain];
  }

  /** The last link that holds. */
  get holdsUpTo(): Link {
    return this.last;
  }

  /** The last index seen. */
  get seenUpTo(): bigint {
    return this.after.index + BigInt(this.chains.length - 1);
  }

  get isBroken(): boolean {
    return this.found !== null;
  }

  /** @param provenUpTo a signature vouches for everything up to here: what is wrong comes later */
  fault(provenUpTo: bigint): AuditFault | null {
    if (this.found === null) return null;
    const { at, from = provenUpTo + 1n, kind, seq, message } = this.found;
    const doubt = from < at ? ` Where the seals before it were made anew, it is one of ${from} to ${at}.` : '';
    return { kind, from, to: at, seq, message: message + doubt };
  }

  next(line: LeafLine): void {
    if (this.found === null) this.found = this.examine(line);
    else this.lookBack(line);
    this.chains.push(this.found === null ? this.last.chain : Buffer.from(line.chain, 'base64url'));
  }

  private examine(line: LeafLine): Found | null {
    const index = this.last.index + 1n;
    const { record, seq } = line;
    const exact = { at: index, from: index, seq };
    const leaf = record === null ? null : hashLeaf(record);
    const stored = Buffer.from(line.leaf, 'base64url');
    const isStoredFitting = follows(this.last.chain, stored, line.chain);
    if (BigInt(line.index) !== index) return this.misnumbered(line, index, isStoredFitting);
    if (leaf === null)
      return { ...exact, kind: 'missing', message: `Record ${seq} (index ${index}) is gone; its seal is there.` };
    const isFitting = follows(this.last.chain, leaf, line.chain);
    const isStoredRight = leaf.toString('base64url') === line.leaf && record?.seq === seq;
    if (isFitting && isStoredRight) {
      this.last = { index, chain: hashLink(this.last.chain, leaf) };
      return null;
    }
    this.suspect = line;
    if (isFitting)
      return { ...exact, kind: 'altered', message: `The seal of record ${seq} (index ${index}) was altered.` };
    if (isStoredFitting) return { ...exact, kind: 'altered', message: `Record ${seq} (index ${index}) was altered.` };
    return this.addedBefore(line, stored) ?? this.contradiction(index, seq);
  }

  private contradiction(index: bigint, seq: string): Found {
    return {
      at: index,
      kind: 'altered',
      seq,
      message: `Record ${seq} (index ${index}) was altered: it does not follow the one before it.`,
    };
  }

  private misnumbered(line: LeafLine, index: bigint, isFitting: boolean): Found {
    const { seq } = line;
    const exact = { at: index, from: index };
    this.suspect = null;
    if (isFitting)
      return {
        ...exact,
        kind: 'altered',
        seq,
        message: `Record ${seq} is number ${index} and says it is ${line.index}.`,
      };
    if (BigInt(line.index) < index)
      return {
        ...exact,
        kind: 'added',
        seq,
        message: `Record ${seq} says it is number ${line.index}, which there is already.`,
      };
    return { ...exact, kind: 'missing', seq: null, message: `The record with index ${index} is missing.` };
  }

  // Whoever puts a record in and seals it leaves the one behind it following an earlier one.
  private addedBefore(line: LeafLine, stored: Buffer): Found | null {
    for (let place = this.chains.length - 2; place >= 0; place--) {
      if (!follows(this.chains[place] as Buffer, stored, line.chain)) continue;
      const at = this.after.index + BigInt(place) + 1n;
      const message = `The record with index ${at} was added: record ${line.seq} follows the one before it.`;
      return { at, from: at, kind: 'added', seq: null, message };
    }
    return null;
  }

  private lookBack(line: LeafLine): void {
    const { found, suspect, last } = this;
    if (found === null || found.kind === 'reordered') return;
    const stored = Buffer.from(line.leaf, 'base64url');
    const at = last.index + 1n;
    if (suspect === null) {
      if (found.kind === 'missing' && found.seq === null && follows(last.chain, stored, line.chain))
        this.found = moved(at, line.seq, `Record ${line.seq} belongs at index ${at} and stands at ${line.index}.`);
      return;
    }
    if (found.kind !== 'altered' && found.kind !== 'added') return;
    const suspectLeaf = Buffer.from(suspect.leaf, 'base64url');
    const record = suspect.record === null ? null : hashLeaf(suspect.record);
    const standsElsewhere =
      record?.toString('base64url') === line.leaf && line.leaf !== suspect.leaf
        ? true
        : follows(Buffer.from(line.chain, 'base64url'), suspectLeaf, suspect.chain);
    if (standsElsewhere)
      this.found = moved(at, suspect.seq, `Record ${suspect.seq} stands at index ${at} and belongs behind it.`);
    else if (found.from === undefined) this.refine(line, stored, suspect, suspectLeaf);
  }

  private refine(line: LeafLine, stored: Buffer, { seq }: LeafLine, suspectLeaf: Buffer): void {
    const at = this.last.index + 1n;
    if (follows(this.last.chain, stored, line.chain))
      this.found = { at, from: at, kind: 'added', seq, message: `Record ${seq} (index ${at}) was added.` };
    else if (BigInt(line.index) === at + 1n && follows(hashLink(this.last.chain, suspectLeaf), stored, line.chain))
      this.found = {
        at,
        from: at,
        kind: 'altered',
        seq,
        message: `The seal of record ${seq} (index ${at}) was altered.`,
      };
  }
}

const follows = (before: Buffer, leaf: Buffer, chain: string): boolean =>
  hashLink(before, leaf).toString('base64url') === chain;

const moved = (at: bigint, seq: string, message: string): Found => ({ at, from: at, kind: 'reordered', seq, message });
