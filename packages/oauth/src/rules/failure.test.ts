import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { showableClientId, showableReason, showableScope } from './failure.js';
import { formatSecret } from './secret.js';

const SECRET = formatSecret(Buffer.alloc(32, 7));

describe('what was claimed', () => {
  test.each<[string, string | undefined, boolean]>([
    ['nothing', undefined, false],
    ['an id', 'my_client-1.~', true],
    ['an empty text', '', false],
    ['what no id can be', 'a b', false],
    ['a line break', 'a\nb', false],
    ['too long a text', 'x'.repeat(129), false],
    ['a secret in the wrong field', SECRET, false],
    ['half a secret in the wrong field', SECRET.slice(0, 30), false],
    ['an assertion in the wrong field', 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln', false],
  ])('%s', (_what, claimed, isShown) => {
    expect(showableClientId(claimed)).toBe(isShown ? claimed : undefined);
  });
});

describe('the scope that was asked for', () => {
  test.each<[string, string | undefined, boolean]>([
    ['nothing', undefined, false],
    ['one name', 'read', true],
    ['several names', 'orders:read orders:write', true],
    ['an empty text', '', false],
    ['two spaces', 'read  write', false],
    ['a line break', 'read\nwrite', false],
    ['what no scope can be', 'r\u00e9ad', false],
    ['too long a text', 'x'.repeat(501), false],
    ['a secret in the wrong field', `read ${SECRET}`, false],
    ['an assertion in the wrong field', 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln', false],
  ])('%s', (_what, scope, isShown) => {
    expect(showableScope(scope)).toBe(isShown ? scope : null);
  });
});

describe('the reason', () => {
  test.each<[string, string, string | undefined, string]>([
    ['as it is', 'wrong secret for client ci', 'ci', 'wrong secret for client ci'],
    ['a claim that is no id is left out', 'no client a b', 'a b', 'no client …'],
    ['a secret is left out, wherever it stands', `no client ${SECRET}!`, SECRET, 'no client …!'],
    ['a token is left out', 'got eyJhbGciOiJFUzI1NiJ9.e30.c2ln here', undefined, 'got … here'],
    ['what cannot be stored is replaced', 'a\0b\ud800c\n', undefined, 'a\ufffdb\ufffdc\ufffd'],
    ['what is long is cut', 'x'.repeat(600), undefined, `${'x'.repeat(499)}…`],
    ['an empty claim hides nothing', 'no client', '', 'no client'],
  ])('%s', (_what, reason, claimed, expected) => {
    expect(showableReason(reason, claimed)).toBe(expected);
  });

  test('whatever comes: well-formed, without control characters, bounded, without the secret', () => {
    const piece = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(SECRET, 'x'.repeat(480), '\ud83d', '\udc00'));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), fc.option(piece, { nil: undefined }), (pieces, claimed) => {
        const shown = showableReason(pieces.join(' '), claimed);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cs}]/u);
        expect(shown.length).toBeLessThanOrEqual(500);
        expect(shown).not.toContain(SECRET.slice(0, 20));
      }),
      { numRuns: 2_000 },
    );
  });
});
