import { type AuditFault, ChainCheck } from './audit-chain-check.js';
import { type Checkpoint, openCheckpoint } from './audit-checkpoint.js';
import { type CheckpointLine, type ExportHeader, type ExportLine, readLine } from './audit-export.js';
import { NoteError, type NoteVerifier } from './signed-note.js';

// A checkpoint signed while an export began may not have been committed yet; a job's transaction ends within this time.
const IN_FLIGHT_MS = 10_000;

export type AuditVerdict =
  | {
      readonly intact: true;
      readonly size: bigint;
      /** A signature vouches for everything up to here */
      readonly signedUpTo: bigint;
      /** Checkpoints that agree; those from outside count by themselves */
      readonly checkpoints: number;
      /** Checkpoints from outside that are younger than the export, and say nothing about it */
      readonly younger: number;
    }
  | { readonly intact: false; readonly fault: AuditFault };

/**
 * Verifies an export, line by line: `line` for each, then `end`.
 * Trust comes from `verifiers` and from `outside`, the lines of a checkpoint file kept apart from the database: the
 * export alone shows that it is consistent, not that it is the whole log.
 */
export class AuditVerification {
  private readonly chain = new ChainCheck();
  private readonly checkpoints: CheckpointLine[] = [];
  // Most notes come twice, in the export and from outside; a signature costs as much as a hundred records.
  private readonly opened = new Map<string, Checkpoint>();
  private header: ExportHeader | null = null;
  private unreadable: AuditFault | null = null;
  private lines = 0;

  constructor(
    private readonly verifiers: readonly NoteVerifier[],
    private readonly outside: readonly string[] = [],
  ) {}

  line(text: string): void {
    const line = readLine(text);
    this.lines++;
    if (line === null || !this.isInPlace(line)) {
      const at = this.chain.holdsUpTo.index + 1n;
      this.unreadable ??= {
        kind: 'unreadable',
        from: at,
        to: at,
        seq: null,
        message: `Line ${this.lines} is not as an export has it.`,
      };
    } else if (line.type === 'audit_export') this.header = line;
    else if (line.type === 'leaf') this.chain.next(line);
    else this.checkpoints.push(line);
  }

  private isInPlace(line: ExportLine): boolean {
    if ((line.type === 'audit_export') !== (this.lines === 1)) return false;
    const last = this.checkpoints.at(-1);
    if (last === undefined || line.type === 'audit_export') return true;
    return line.type === 'checkpoint' && BigInt(line.size) > BigInt(last.size);
  }

  end(): AuditVerdict {
    const { header } = this;
    if (header === null) return broken(this.unreadable ?? fault('unreadable', 1n, 1n, 'The export is empty.'));
    const faults: AuditFault[] = [...this.endsEarly(header)];
    const ofCheckpoints: AuditFault[] = [];
    const { signed, younger } = this.collect(header, ofCheckpoints);
    let signedUpTo = 0n;
    for (const { size, head } of signed) {
      if (size > this.chain.seenUpTo) {
        faults.push(cut(signedUpTo, this.chain.seenUpTo, size));
      } else if (size <= this.chain.holdsUpTo.index) {
        if (this.chain.chains[Number(size)]?.equals(head)) signedUpTo = size > signedUpTo ? size : signedUpTo;
        else faults.push(rewritten(signedUpTo + 1n, size));
      }
    }
    // Of two faults at one place, what the chain itself shows says more than what follows from it.
    const inChain = this.renumbered(signed) ?? this.chain.fault(signedUpTo);
    const [first] = [this.unreadable, inChain, ...faults, ...ofCheckpoints]
      .filter((one) => one !== null)
      .sort((a, b) => (a.to < b.to ? -1 : a.to > b.to ? 1 : 0));
    if (first !== undefined) return broken(first);
    return { intact: true, size: this.chain.seenUpTo, signedUpTo, checkpoints: signed.length, younger };
  }

  // The checkpoints that may be relied on, by size; what is wrong with the others goes to `faults`.
  private collect(header: ExportHeader, faults: AuditFault[]) {
    const signed: Checkpoint[] = [];
    const sizes = new Set<bigint>();
    let younger = 0;
    for (const line of this.checkpoints) {
      const checkpoint = this.open(line, `The checkpoint of size ${line.size}`, faults);
      if (checkpoint === null) continue;
      signed.push(checkpoint);
      sizes.add(checkpoint.size);
    }
    for (const [place, text] of this.outside.entries()) {
      const line = readLine(text);
      if (line?.type !== 'checkpoint') {
        faults.push(fault('checkpoint', 1n, 1n, `Line ${place + 1} of the checkpoint file is not a checkpoint.`));
        continue;
      }
      const checkpoint = this.open(line, `Line ${place + 1} of the checkpoint file`, faults);
      if (checkpoint === null) continue;
      const isYounger = Date.parse(checkpoint.at) > Date.parse(header.exported_at) - IN_FLIGHT_MS;
      if (isYounger && !sizes.has(checkpoint.size)) younger++;
      if (isYounger && checkpoint.size > this.chain.seenUpTo) continue;
      signed.push(checkpoint);
      if (!isYounger && !sizes.has(checkpoint.size))
        faults.push(
          fault(
            'checkpoint',
            checkpoint.size,
            checkpoint.size,
            `The checkpoint of size ${checkpoint.size} was removed.`,
          ),
        );
    }
    signed.sort((a, b) => (a.size < b.size ? -1 : a.size > b.size ? 1 : 0));
    return { signed, younger };
  }

  private open(line: CheckpointLine, what: string, faults: AuditFault[]): Checkpoint | null {
    const at = BigInt(line.size);
    try {
      const checkpoint = this.opened.get(line.note) ?? openCheckpoint(line.note, this.verifiers);
      this.opened.set(line.note, checkpoint);
      const { size, head, at: when } = checkpoint;
      if (size === at && head.toString('base64') === line.head && when === line.at) return checkpoint;
      faults.push(fault('checkpoint', at, at, `${what} is not what its signed note says.`));
    } catch (error) {
      if (!(error instanceof NoteError)) throw error;
      faults.push(fault('checkpoint', at, at, `${what}: ${error.message}.`));
    }
    return null;
  }

  private endsEarly({ size, checkpoints }: ExportHeader): AuditFault[] {
    const faults: AuditFault[] = [];
    const at = this.chain.seenUpTo + 1n;
    if (BigInt(size) >= at)
      faults.push(fault('missing', at, at, `The export ends early: it has ${at - 1n} of ${size} records.`));
    if (String(this.checkpoints.length) !== checkpoints)
      faults.push(
        fault('checkpoint', at, at, `The export has ${this.checkpoints.length} of ${checkpoints} checkpoints.`),
      );
    return faults;
  }

  // Where all that follows a fault stands one place too early or too late, records were taken away or put in.
  private renumbered(signed: readonly Checkpoint[]): AuditFault | null {
    const { holdsUpTo, chains, isBroken } = this.chain;
    const found = this.chain.fault(holdsUpTo.index);
    if (!isBroken || found?.kind !== 'altered') return null;
    const at = holdsUpTo.index + 1n;
    for (const { size, head } of signed) {
      if (size < at) continue;
      const place = chains.findLastIndex((chain) => chain.equals(head));
      if (place < 0 || BigInt(place) === size) continue;
      return BigInt(place) < size
        ? fault('missing', at, at, `The record with index ${at} is missing; those behind it were numbered anew.`)
        : fault('added', at, at, `The record with index ${at} was added; those behind it were numbered anew.`);
    }
    return null;
  }
}

const fault = (kind: AuditFault['kind'], from: bigint, to: bigint, message: string): AuditFault => ({
  kind,
  from,
  to,
  seq: null,
  message,
});

const cut = (provenUpTo: bigint, seenUpTo: bigint, size: bigint): AuditFault => {
  const at = seenUpTo + 1n;
  const doubt = provenUpTo < seenUpTo ? ` Where the rest was sealed anew, one of ${provenUpTo + 1n} to ${at}.` : '';
  const message = `The log ends with index ${seenUpTo}, a checkpoint counts ${size}: index ${at} is missing.${doubt}`;
  return fault('missing', provenUpTo + 1n, at, message);
};

const rewritten = (from: bigint, to: bigint): AuditFault =>
  fault('rewritten', from, to, `Records ${from} to ${to} are not those that were signed: they were written anew.`);

const broken = (first: AuditFault): AuditVerdict => ({ intact: false, fault: first });
