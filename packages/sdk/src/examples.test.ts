import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';

// The examples of each language that is at hand, against the published vectors. That of Node imports the built package.
const run = promisify(execFile);
const folder = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));
const ALL = /^(\d{3}) of \1 vectors$/;
const vectors = folder('vectors/licensing.json');

function answers(command: string, ...args: string[]): string | null {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return null;
  }
}
const hasPython = answers('python3', '-c', 'import sys, cryptography; assert sys.version_info >= (3, 9)') !== null;
const goVersion = /go1\.(\d+)/.exec(answers('go', 'version') ?? '');
const hasGo = Number(goVersion?.[1] ?? 0) >= 22;

async function lastLine(command: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const options = { cwd: folder('examples/go'), env: { ...process.env, NODE_OPTIONS: '', ...env } };
  const { stdout } = await run(command, args, options).catch((error: { stdout?: string }) => ({
    stdout: `${error.stdout}`,
  }));
  return stdout.trim().split('\n').at(-1) ?? '';
}

describe('examples', () => {
  test('Node', async () => {
    expect(await lastLine(process.execPath, [folder('examples/node/check-vectors.mjs'), vectors])).toMatch(ALL);
  });

  if (hasPython) {
    test('Python', async () => {
      const script = folder('examples/python/check_vectors.py');
      expect(await lastLine('python3', [script, vectors], { PYTHONDONTWRITEBYTECODE: '1' })).toMatch(ALL);
    });
  }

  if (hasGo) {
    test('Go', async () => {
      const offline = { GOTOOLCHAIN: 'local', GOPROXY: 'off', GOFLAGS: '-mod=mod' };
      expect(await lastLine('go', ['run', '.', vectors], offline)).toMatch(ALL);
    });
  }
});
