import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { CHAIN_START, extendChain, hashLeaf, hashLink, type SealedFields } from './audit-chain.js';
import { openCheckpoint, signCheckpoint } from './audit-checkpoint.js';
import { type CheckpointLine, type ExportLine, formatLine, type LeafLine, readLine } from './audit-export.js';
import { type AuditVerdict, AuditVerification } from './audit-verification.js';
import { formatSigner, type NoteSigner, parseSigner, parseVerifier } from './signed-note.js';

const EDITS = Number(process.env.AUDIT_EDITS ?? 10_000);
const RECORDS = 20;
const SIGNED = [5, 12, 20];

const signer = parseSigner(formatSigner('audit-test', Buffer.alloc(32, 1)));
const verifiers = [parseVerifier(signer.publicKey)];
const stranger = parseSigner(formatSigner('audit-test', Buffer.alloc(32, 2)));

const record = (place: number): SealedFields => ({
  seq: String(place * 2 + 3),
  txid: String(800 + place),
  at: new Date(1_790_000_000_000 + place * 1_000).toISOString(),
  actor: `operator:opr_${place % 3}`,
  action: ['client.created', 'client.updated', 'token.revoked'][place % 3] as string,
  target: `client:c${place}`,
  request_id: place % 4 === 0 ? null : `req-${place}`,
  address: place % 5 === 0 ? null : '192.0.2.7',
  detail: `{"place":${place}}`,
});

const toLines = (records: readonly SealedFields[]): LeafLine[] =>
  extendChain(CHAIN_START, records).map(({ index, leaf, chain }, place) => ({
    type: 'leaf',
    index: String(index),
    seq: records[place]?.seq as string,
    leaf: leaf.toString('base64url'),
    chain: chain.toString('base64url'),
    record: records[place] as SealedFields,
  }));

const toCheckpoint = (leaves: readonly LeafLine[], size: number, by: NoteSigner = signer): CheckpointLine => {
  const chain = Buffer.from(leaves[size - 1]?.chain as string, 'base64url');
  const note = signCheckpoint({ index: BigInt(size), chain }, new Date(1_791_000_000_000 + size), by);
  const { head, at } = openCheckpoint(note, [parseVerifier(by.publicKey)]);
  return { type: 'checkpoint', size: String(size), head: head.toString('base64'), at, note };
};

const RECORDED = Array.from({ length: RECORDS }, (_, place) => record(place));
const LEAVES = toLines(RECORDED);
const CHECKPOINTS = SIGNED.map((size) => toCheckpoint(LEAVES, size));
const OUTSIDE = CHECKPOINTS.map(formatLine);

const texts = new WeakMap<ExportLine, string>();
const textOf = (line: ExportLine): string => {
  const text = texts.get(line) ?? formatLine(line);
  texts.set(line, text);
  return text;
};

/** An export of tables in this state: what the platform would write, however they came to be so. */
const toExport = (leaves: readonly LeafLine[], checkpoints: readonly CheckpointLine[]): string[] => {
  const lines: ExportLine[] = [
    {
      type: 'audit_export',
      version: '1',
      exported_at: '2027-01-01T00:00:00.000Z',
      size: leaves.reduce((most, { index }) => (BigInt(index) > BigInt(most) ? index : most), '0'),
      checkpoints: String(checkpoints.length),
      public_key: signer.publicKey,
    },
    ...[...leaves].sort((a, b) => Number(BigInt(a.index) - BigInt(b.index))),
    ...[...checkpoints].sort((a, b) => Number(BigInt(a.size) - BigInt(b.size))),
  ];
  return lines.map(textOf);
};

const verify = (lines: readonly string[], outside: readonly string[] = OUTSIDE): AuditVerdict => {
  const verification = new AuditVerification(verifiers, outside);
  for (const line of lines) verification.line(line);
  return verification.end();
};
const faultOf = (lines: readonly string[], outside: readonly string[] = OUTSIDE) => {
  const verdict = verify(lines, outside);
  if (verdict.intact) throw new Error('found intact');
  return verdict.fault;
};

describe('an untouched log', () => {
  test('is intact', () => {
    expect(verify(toExport(LEAVES, CHECKPOINTS))).toEqual({
      intact: true,
      size: 20n,
      signedUpTo: 20n,
      checkpoints: 6,
      younger: 0,
    });
  });

  test('is intact while it is empty, and before its first checkpoint', () => {
    expect(verify(toExport([], []), [])).toMatchObject({ intact: true, size: 0n, signedUpTo: 0n });
    expect(verify(toExport(LEAVES, []), [])).toMatchObject({ intact: true, size: 20n, signedUpTo: 0n });
  });

  test('grows after a checkpoint: what is signed stays signed', () => {
    const [early] = CHECKPOINTS;
    if (early === undefined) throw new Error('no checkpoint');
    expect(verify(toExport(LEAVES, [early]), [formatLine(early)])).toMatchObject({ intact: true, signedUpTo: 5n });
  });

  test('checkpoints younger than the export say nothing about it; older ones that it lacks do', () => {
    const [header = '', ...rest] = toExport(LEAVES.slice(0, 12), CHECKPOINTS.slice(0, 2));
    const [last] = CHECKPOINTS.slice(2);
    const exportedAt = (at: string) => [header.replace('2027-01-01T00:00:00.000Z', at), ...rest];
    expect(verify(exportedAt(last?.at as string))).toMatchObject({ intact: true, signedUpTo: 12n, younger: 1 });
    const later = new Date(Date.parse(last?.at as string) + 11_000).toISOString();
    expect(faultOf(exportedAt(later))).toMatchObject({ kind: 'missing', from: 13n, to: 13n });
  });
});

/** A state of the tables, to be tampered with. */
interface Tables {
  leaves: LeafLine[];
  checkpoints: CheckpointLine[];
}
interface Expected {
  /** The first index at which something is wrong */
  readonly at: number;
  readonly kinds: readonly string[];
  /** True where hashes alone cannot tell which one: then `at` is among from … to */
  readonly among?: boolean;
}

const dice = (faces: number): number => randomBytes(4).readUInt32BE() % faces;
const pick = <Item>(items: readonly Item[]): Item => items[dice(items.length)] as Item;
const noise = (): string => randomBytes(32).toString('base64url');

const change = (value: string | null): string => {
  if (value === null) return 'x';
  if (/^\d+$/.test(value)) return String(BigInt(value) + BigInt(1 + dice(5)));
  return pick([`${value} `, value.slice(1), value.toUpperCase() === value ? `${value}!` : value.toUpperCase()]);
};

/** Numbers and links anew from `from` on, as one who can write all tables but not sign. */
const reseal = (leaves: LeafLine[], from: number, to = leaves.length): void => {
  for (let place = from; place < to; place++) {
    const { record: one, ...line } = leaves[place] as LeafLine;
    const before = place === 0 ? CHAIN_START.chain : Buffer.from(leaves[place - 1]?.chain as string, 'base64url');
    const leaf = hashLeaf(one as SealedFields);
    leaves[place] = {
      ...line,
      record: one,
      index: String(place + 1),
      leaf: leaf.toString('base64url'),
      chain: hashLink(before, leaf).toString('base64url'),
    };
  }
};
const renumber = (leaves: LeafLine[]): void => {
  for (const [place, line] of leaves.entries()) leaves[place] = { ...line, index: String(place + 1) };
};
const lineAt = (tables: Tables, place: number): LeafLine => tables.leaves[place] as LeafLine;
const editRecord = (line: LeafLine): LeafLine => {
  const one = line.record as SealedFields;
  const name = pick(Object.keys(one) as (keyof SealedFields)[]);
  const edited = { ...one, [name]: change(one[name]) };
  return { ...line, seq: edited.seq, record: edited };
};
const invented = (): SealedFields => ({ ...record(dice(RECORDS)), seq: String(2 + 2 * dice(1_000)), txid: '1' });
const two = (): [number, number] => {
  const first = dice(RECORDS - 1);
  return [first, first + 1 + dice(RECORDS - 1 - first)];
};

/** Every way to tamper with the tables that we know; each answers what must be found. */
const TAMPERINGS: Record<string, (tables: Tables) => Expected> = {
  'any field of a record'(tables) {
    const place = dice(RECORDS);
    tables.leaves[place] = editRecord(lineAt(tables, place));
    return { at: place + 1, kinds: ['altered'] };
  },
  'a record and its hash'(tables) {
    const place = dice(RECORDS);
    const edited = editRecord(lineAt(tables, place));
    const leaf = hashLeaf(edited.record as SealedFields).toString('base64url');
    tables.leaves[place] = { ...edited, leaf };
    return { at: place + 1, kinds: ['altered'] };
  },
  'a record, its hash and its link'(tables) {
    const place = dice(RECORDS);
    tables.leaves[place] = editRecord(lineAt(tables, place));
    reseal(tables.leaves, place, place + 1);
    return { at: place + 1, kinds: ['altered', 'rewritten'], among: true };
  },
  'the hash of a record'(tables) {
    const place = dice(RECORDS);
    tables.leaves[place] = { ...lineAt(tables, place), leaf: noise() };
    return { at: place + 1, kinds: ['altered'] };
  },
  'the link of a record'(tables) {
    const place = dice(RECORDS);
    tables.leaves[place] = { ...lineAt(tables, place), chain: noise() };
    return { at: place + 1, kinds: ['altered'] };
  },
  'the index of a record'(tables) {
    const place = dice(RECORDS);
    const index = pick([0, -1, RECORDS + 1 + dice(100), 10 ** 15]);
    tables.leaves[place] = { ...lineAt(tables, place), index: String(index) };
    return { at: index < 1 ? Math.min(1, place + 1) : place + 1, kinds: ['altered', 'reordered', 'missing', 'added'] };
  },
  'a record deleted, its seal left'(tables) {
    const place = dice(RECORDS);
    tables.leaves[place] = { ...lineAt(tables, place), record: null };
    return { at: place + 1, kinds: ['missing'] };
  },
  'records deleted with their seals'(tables) {
    const place = dice(RECORDS);
    tables.leaves.splice(place, 1 + dice(3));
    return { at: place + 1, kinds: ['missing'] };
  },
  'a record deleted, the rest numbered anew'(tables) {
    const place = dice(RECORDS);
    tables.leaves.splice(place, 1);
    renumber(tables.leaves);
    return { at: place + 1, kinds: ['missing'] };
  },
  'a record deleted, the rest sealed anew'(tables) {
    const place = dice(RECORDS);
    tables.leaves.splice(place, 1);
    reseal(tables.leaves, place);
    return { at: place + 1, kinds: ['rewritten', 'missing'], among: true };
  },
  'two records swapped below their seals'(tables) {
    const [first, second] = two();
    const [a, b] = [lineAt(tables, first), lineAt(tables, second)];
    tables.leaves[first] = { ...a, record: b.record, seq: b.seq };
    tables.leaves[second] = { ...b, record: a.record, seq: a.seq };
    return { at: first + 1, kinds: ['reordered'] };
  },
  'two records swapped with their seals'(tables) {
    const [first, second] = two();
    const [a, b] = [lineAt(tables, first), lineAt(tables, second)];
    tables.leaves[first] = { ...b, index: a.index };
    tables.leaves[second] = { ...a, index: b.index };
    return { at: first + 1, kinds: ['reordered'] };
  },
  'two records swapped, all sealed anew'(tables) {
    const [first, second] = two();
    const [a, b] = [lineAt(tables, first), lineAt(tables, second)];
    tables.leaves[first] = b;
    tables.leaves[second] = a;
    reseal(tables.leaves, first);
    return { at: first + 1, kinds: ['rewritten'], among: true };
  },
  'a record put in with a hash and a made-up link'(tables) {
    const place = dice(RECORDS);
    const one = invented();
    const leaf = hashLeaf(one).toString('base64url');
    tables.leaves.splice(place, 0, { type: 'leaf', index: '0', seq: one.seq, leaf, chain: noise(), record: one });
    renumber(tables.leaves);
    return { at: place + 1, kinds: ['added'] };
  },
  'a record put in and sealed'(tables) {
    const place = dice(RECORDS);
    const one = invented();
    tables.leaves.splice(place, 0, { type: 'leaf', index: '0', seq: one.seq, leaf: '', chain: '', record: one });
    reseal(tables.leaves, place, place + 1);
    renumber(tables.leaves);
    return { at: place + 1, kinds: ['added'] };
  },
  'a record put in, the rest sealed anew'(tables) {
    const place = dice(RECORDS);
    const one = invented();
    tables.leaves.splice(place, 0, { type: 'leaf', index: '0', seq: one.seq, leaf: '', chain: '', record: one });
    reseal(tables.leaves, place);
    return { at: place + 1, kinds: ['rewritten'], among: true };
  },
  'the tail cut'(tables) {
    const place = dice(RECORDS);
    tables.leaves.splice(place);
    return { at: place + 1, kinds: ['missing'] };
  },
  'the tail and its checkpoints cut: an old backup'(tables) {
    const place = dice(RECORDS);
    tables.leaves.splice(place);
    tables.checkpoints = tables.checkpoints.filter(({ size }) => Number(size) <= place);
    return { at: place + 1, kinds: ['missing'] };
  },
  'everything written anew from a record on'(tables) {
    const place = dice(RECORDS);
    tables.leaves[place] = editRecord(lineAt(tables, place));
    reseal(tables.leaves, place);
    return { at: place + 1, kinds: ['rewritten'], among: true };
  },
  'everything written anew and signed with another key'(tables) {
    const place = dice(RECORDS);
    tables.leaves[place] = editRecord(lineAt(tables, place));
    reseal(tables.leaves, place);
    tables.checkpoints = SIGNED.map((size) => toCheckpoint(tables.leaves, size, stranger));
    return { at: 5, kinds: ['checkpoint', 'rewritten'], among: place < 5 };
  },
  'a field of a checkpoint'(tables) {
    const place = dice(SIGNED.length);
    const checkpoint = tables.checkpoints[place] as CheckpointLine;
    const edits: Partial<CheckpointLine>[] = [
      { head: randomBytes(32).toString('base64') },
      { at: '2020-01-01T00:00:00.000Z' },
      { note: checkpoint.note.replace(/\n\d+\n/, '\n7\n') },
      { note: checkpoint.note.slice(0, -9) },
      { note: pick(tables.checkpoints.filter((one) => one !== checkpoint)).note },
    ];
    tables.checkpoints[place] = { ...checkpoint, ...pick(edits) };
    return { at: Number(checkpoint.size), kinds: ['checkpoint'] };
  },
  'the size of a checkpoint'(tables) {
    const place = dice(SIGNED.length);
    const checkpoint = tables.checkpoints[place] as CheckpointLine;
    const size = Number(checkpoint.size) + pick([-3, -1, 1, 100]);
    tables.checkpoints[place] = { ...checkpoint, size: String(size) };
    return { at: Math.min(size, Number(checkpoint.size)), kinds: ['checkpoint'] };
  },
  'a checkpoint deleted'(tables) {
    const [gone] = tables.checkpoints.splice(dice(SIGNED.length), 1);
    return { at: Number(gone?.size), kinds: ['checkpoint'] };
  },
  'a checkpoint put in'(tables) {
    const size = pick([2, 7, 15]);
    tables.checkpoints.push(toCheckpoint(LEAVES, size, stranger));
    return { at: size, kinds: ['checkpoint'] };
  },
};

const tamper = (tampering: (tables: Tables) => Expected) => {
  const tables: Tables = { leaves: [...LEAVES], checkpoints: [...CHECKPOINTS] };
  const expected = tampering(tables);
  const { kind, from, to, message } = faultOf(toExport(tables.leaves, tables.checkpoints));
  const named =
    expected.among === true
      ? from <= BigInt(expected.at) && to >= BigInt(expected.at) - 1n
      : to === BigInt(expected.at);
  return { isRight: named && expected.kinds.includes(kind), expected, found: { kind, from, to, message } };
};

describe(`${EDITS} random edits of the tables: each is found and named`, () => {
  const each = Math.ceil(EDITS / Object.keys(TAMPERINGS).length);
  test.each(Object.keys(TAMPERINGS))('%s', (name) => {
    const tampering = TAMPERINGS[name] as (tables: Tables) => Expected;
    const misjudged = Array.from({ length: each }, () => tamper(tampering)).filter(({ isRight }) => !isRight);
    expect(misjudged).toEqual([]);
  });
});

describe('an export file that was edited', () => {
  const whole = toExport(LEAVES, CHECKPOINTS);

  test('a line taken away, doubled, moved or cut is found', () => {
    for (let place = 0; place < whole.length; place++) {
      const line = whole[place] as string;
      const without = whole.toSpliced(place, 1);
      expect(verify(without).intact).toBe(false);
      expect(verify(whole.toSpliced(place, 0, line)).intact).toBe(false);
      expect(verify(whole.toSpliced(place, 1, line.slice(0, -1))).intact).toBe(false);
      expect(verify(whole.slice(0, place)).intact).toBe(false);
      expect(verify(whole.toSpliced(place, 1, `${line} `)).intact).toBe(false);
      if (place > 0) expect(verify(without.toSpliced(place - 1, 0, line)).intact).toBe(false);
    }
  });

  test('a field more, or twice, is found', () => {
    const line = whole[5] as string;
    for (const edited of [
      line.replace('"actor":', '"actor":"operator:someone","actor":'),
      line.replace('{"type"', '{"comment":"seen","type"'),
      line.replace('"address":', '"note":"approved","address":'),
    ]) {
      expect(edited).not.toBe(line);
      expect(faultOf(whole.toSpliced(5, 1, edited))).toMatchObject({ kind: 'unreadable', to: 5n });
    }
  });

  test.each(['', 'null', '[]', '{}', '{"type":"leaf"}', '{"type":"x"}', '{"type":"constructor"}', '7'])(
    'a line %j is none',
    (line) => {
      expect(readLine(line)).toBeNull();
      expect(faultOf([line]).kind).toBe('unreadable');
    },
  );
});

describe('without checkpoints from outside', () => {
  test('edits are found, a log written anew by one who holds the key is not', () => {
    const edited = LEAVES.map((line, place) =>
      place === 4 ? { ...line, record: { ...record(4), actor: 'nobody' } } : line,
    );
    expect(faultOf(toExport(edited, CHECKPOINTS), [])).toMatchObject({ kind: 'altered', to: 5n });
    const anew = toLines(RECORDED.slice(1));
    expect(verify(toExport(anew, [toCheckpoint(anew, 19)]), []).intact).toBe(true);
    expect(faultOf(toExport(anew, [toCheckpoint(anew, 19)])).kind).toBe('rewritten');
  });
});

test('a checkpoint file that was edited is told from the log', () => {
  const [first = '', second = '', third = ''] = OUTSIDE;
  const whole = toExport(LEAVES, CHECKPOINTS);
  expect(faultOf(whole, [first, second.replace('"12"', '"11"'), third])).toMatchObject({ kind: 'checkpoint' });
  expect(faultOf(whole, [first, 'x', third]).message).toContain('Line 2 of the checkpoint file');
});
