import type { Link } from './audit-chain.js';
import { NoteError, type NoteSigner, type NoteVerifier, openNote, signNote } from './signed-note.js';

/** What a checkpoint says: the first `size` seals end in `head`. */
export interface Checkpoint {
  readonly size: bigint;
  readonly head: Buffer;
  /** RFC 3339 UTC with milliseconds: when it was signed, by the clock of the worker */
  readonly at: string;
}

/**
 * A checkpoint as a C2SP tlog-checkpoint: origin, size, base64 of the head, and the time as an extension line, signed.
 * The head is that of our hash chain, not the root of a Merkle tree: we prove the whole log, not single records.
 */
export const signCheckpoint = ({ index, chain }: Link, at: Date, signer: NoteSigner): string =>
  signNote(`${signer.name}\n${index}\n${chain.toString('base64')}\nat ${at.toISOString()}\n`, signer);

/** @throws NoteError if it is not signed by one of the verifiers under its own origin, or is no checkpoint */
export function openCheckpoint(note: string, verifiers: readonly NoteVerifier[]): Checkpoint {
  const text = openNote(note, verifiers);
  const [, origin, size, encoded = '', at] =
    /^([^\s+]+)\n([1-9]\d{0,18})\n([A-Za-z0-9+/]{43}=)\nat (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\n$/.exec(text) ??
    [];
  if (size === undefined || at === undefined) throw new NoteError('not a checkpoint of an audit log');
  if (!verifiers.some(({ name }) => name === origin)) throw new NoteError(`a checkpoint of another log: ${origin}`);
  return { size: BigInt(size), head: Buffer.from(encoded, 'base64'), at };
}
