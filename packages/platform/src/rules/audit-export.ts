import type { SealedFields } from './audit-chain.js';

/** The first line of an export: how much follows. */
export interface ExportHeader {
  readonly type: 'audit_export';
  readonly version: '1';
  /** RFC 3339 UTC with milliseconds */
  readonly exported_at: string;
  /** Index of the last seal */
  readonly size: string;
  readonly checkpoints: string;
  /** The checkpoint key, as whoever answered knows it: a claim, no proof */
  readonly public_key: string | null;
}

/** A seal and its record, hashes in base64url. `record` is null where the record is gone. */
export interface LeafLine {
  readonly type: 'leaf';
  readonly index: string;
  readonly seq: string;
  readonly leaf: string;
  readonly chain: string;
  readonly record: SealedFields | null;
}

/** A checkpoint as its row has it; `note` is what counts. */
export interface CheckpointLine {
  readonly type: 'checkpoint';
  readonly size: string;
  readonly head: string;
  readonly at: string;
  readonly note: string;
}

export type ExportLine = ExportHeader | LeafLine | CheckpointLine;

const FIELDS = {
  audit_export: ['version', 'exported_at', 'size', 'checkpoints', 'public_key'],
  leaf: ['index', 'seq', 'leaf', 'chain', 'record'],
  checkpoint: ['size', 'head', 'at', 'note'],
} as const;
const RECORD = ['seq', 'txid', 'at', 'actor', 'action', 'target', 'request_id', 'address', 'detail'] as const;
const NULLABLE: ReadonlySet<string> = new Set(['public_key', 'request_id', 'address', 'record']);
const NUMBER = /^-?\d{1,19}$/;

/** One line of an export or of the checkpoint file, without its line feed. */
export function formatLine(line: ExportLine): string {
  return JSON.stringify(ordered(line as unknown as Record<string, unknown>));
}

/** @returns null if it is not exactly as formatLine writes it: whatever else stands in a line was put there by others */
export function readLine(text: string): ExportLine | null {
  try {
    const line = JSON.parse(text) as ExportLine;
    const record = line.type === 'leaf' ? line.record : null;
    const fits =
      hasTexts(line, FIELDS[line.type]) &&
      (record === null || (hasTexts(record, RECORD) && NUMBER.test(record.seq))) &&
      (line.type === 'leaf' ? NUMBER.test(line.index) && NUMBER.test(line.seq) : NUMBER.test(line.size));
    return fits && formatLine(line) === text ? line : null;
  } catch {
    return null;
  }
}

function ordered(line: Record<string, unknown>): Record<string, unknown> {
  const names = FIELDS[line.type as ExportLine['type']];
  const copy: Record<string, unknown> = { type: line.type };
  for (const name of names) copy[name] = line[name];
  const { record } = line as { record?: Record<string, unknown> | null };
  if (record) copy.record = Object.fromEntries(RECORD.map((name) => [name, record[name]]));
  return copy;
}

const hasTexts = (value: object, names: readonly string[]): boolean =>
  names.every((name) => {
    const field = (value as Record<string, unknown>)[name];
    return typeof field === 'string' || (NULLABLE.has(name) && (field === null || name === 'record'));
  });
