import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

interface Verdict {
  verdict: 'holds' | 'fails' | 'n.a.';
  observed: string[];
}
interface Table {
  name: string;
  statements: { id: number; clause: string; demand: string; ours: Verdict; theirs: Verdict }[];
}

const root = join(import.meta.dirname, '..');
const { exitCode, printed, tables } = await conformance();
const [oauth, fapi] = ['oauth', 'fapi'].map((wanted) => tables.find(({ name }) => name === wanted)?.statements ?? []);

/** The command as people run it, once for all tests of this file. */
async function conformance(): Promise<{ exitCode: number; printed: string; tables: Table[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'bastionary-conformance-'));
  const file = join(folder, 'verdicts.json');
  const args = [join(root, 'infra/conformance.mjs'), 'oauth', 'fapi', '--json', file];
  const { PATH, HOME } = process.env;
  try {
    const run = await new Promise<{ exitCode: number; printed: string }>((resolve) => {
      execFile('node', args, { env: { PATH, HOME }, timeout: 170_000, maxBuffer: 2 ** 24 }, (error, stdout, stderr) =>
        resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), printed: stdout + stderr }),
      );
    });
    try {
      return { ...run, tables: JSON.parse(readFileSync(file, 'utf8')).tables };
    } catch {
      throw new Error(`conformance printed no verdicts:\n${run.printed}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const applicable = (statements: Table['statements']) => statements.filter(({ ours }) => ours.verdict !== 'n.a.');

describe('npm run conformance', () => {
  test('asks every statement, and leaves out none that can be seen from outside', () => {
    expect(oauth?.map(({ id }) => id)).toEqual(Array.from({ length: 64 }, (_, index) => index + 1));
    expect(fapi?.map(({ id }) => id)).toEqual(Array.from({ length: 14 }, (_, index) => index + 1));
    expect(oauth?.filter(({ ours }) => ours.verdict === 'n.a.').map(({ id }) => id)).toEqual([10]);
    expect(fapi?.filter(({ ours }) => ours.verdict === 'n.a.')).toEqual([]);
  });

  test('can fail: the peer does not do everything', () => {
    const failing = oauth?.filter(({ theirs }) => theirs.verdict === 'fails').map(({ id }) => id);
    expect(failing).toEqual(expect.arrayContaining([1, 18, 28]));
  });

  test('prints one line per statement and ends with 0', () => {
    expect(printed).toContain('OAuth2 for machines');
    expect(printed).toMatch(/^64 {2}RFC 8414 .* holds /m);
    expect(exitCode).toBe(0);
  });

  test.each(applicable(oauth ?? []))('oauth $id, $clause: $demand', ({ ours }) => {
    expect(ours).toMatchObject({ verdict: 'holds', observed: [] });
  });

  test.each(applicable(fapi ?? []))('fapi $id, $clause: $demand', ({ ours }) => {
    expect(ours).toMatchObject({ verdict: 'holds', observed: [] });
  });
});
