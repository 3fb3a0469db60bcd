import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));

test('what is installed imports Node and its own files only', () => {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(js|cjs|d\.ts)$/.test(name),
  );
  const imported = files.flatMap((name) => {
    const text = readFileSync(`${dist}${name}`, 'utf8');
    return [...text.matchAll(/(?:from |import\(|require\()\s*["']([^"'\n]+)["']/g)].map((match) => match[1] ?? '');
  });
  expect(files).toEqual(expect.arrayContaining(['licensing.js', 'licensing.cjs']));
  expect(imported).toContain('node:crypto');
  expect(imported.filter((name) => !name.startsWith('.') && name !== 'node:crypto')).toEqual([]);
});

test('it can be required as well as imported, and never throws', () => {
  const script = `const licensing = require('@bastionary/sdk/licensing');
    const rubbish = [undefined, null, 0, '', {}, [], 'key/a.b', Symbol('x'), { keySet: { verified: { ok: true } } }];
    const verify = Object.values(licensing);
    const answers = verify.flatMap((one) => rubbish.flatMap((a) => rubbish.map((b) => one(a, b).ok)));
    console.log(verify.length, answers.length, answers.includes(true));`;
  const options = { cwd: `${dist}..`, encoding: 'utf8' as const, env: { ...process.env, NODE_OPTIONS: '' } };
  expect(execFileSync(process.execPath, ['-e', script], options).trim()).toBe('6 486 false');
});
