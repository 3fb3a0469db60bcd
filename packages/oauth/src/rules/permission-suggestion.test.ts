import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { suggestScopes } from './permission-suggestion.js';

const use = (scope: string, requested: number, defaulted = 0) => ({
  scope,
  requested: BigInt(requested),
  defaulted: BigInt(defaulted),
});

describe('suggestScopes', () => {
  test.each([
    ['one of two was asked for', [use('read', 3), use('write', 0)], false, ['read']],
    ['both were', [use('read', 3), use('write', 1)], false, ['read', 'write']],
    ['in the order of the client', [use('z', 1), use('b', 0), use('a', 9)], false, ['z', 'a']],
    ['nothing was: nothing is known', [use('read', 0), use('write', 0)], false, ['read', 'write']],
    ['once it did not say', [use('read', 99, 1), use('write', 0, 1)], true, ['read', 'write']],
    ['it never says', [use('read', 0, 7), use('write', 0, 7)], true, ['read', 'write']],
    ['it has none', [], false, []],
  ])('%s', (_what, uses, reliesOnDefault, scopes) => {
    expect(suggestScopes(uses)).toEqual({ reliesOnDefault, scopes });
  });

  test('never suggests what the client does not have, and never takes away what it asked for', () => {
    const some = fc.uniqueArray(
      fc.record({ scope: fc.string(), requested: fc.bigInt(0n, 3n), defaulted: fc.bigInt(0n, 1n) }),
      {
        selector: ({ scope }) => scope,
      },
    );
    fc.assert(
      fc.property(some, (uses) => {
        const suggested = new Set(suggestScopes(uses).scopes);
        for (const { scope, requested } of uses) {
          if (requested > 0n) expect(suggested.has(scope)).toBe(true);
          suggested.delete(scope);
        }
        expect(suggested.size).toBe(0);
      }),
    );
  });
});
