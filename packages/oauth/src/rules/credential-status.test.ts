import { describe, expect, test } from '@jest/globals';
import { credentialStatusAt } from './credential-status.js';

const at = (value: number | null): Date | null => (value === null ? null : new Date(value));

describe('what a credential is', () => {
  test.each([
    [null, null, 'active'],
    [1_000, null, 'active'],
    [1_001, null, 'not_yet_valid'],
    [null, 1_000, 'expired'],
    [null, 1_001, 'active'],
    [999, 1_001, 'active'],
    [2_000, 3_000, 'not_yet_valid'],
    // Over before it began: over.
    [2_000, 500, 'expired'],
  ])('not before %s, expires %s: at 1000 it is %s', (notBefore, expiresAt, expected) => {
    expect(credentialStatusAt({ notBefore: at(notBefore), expiresAt: at(expiresAt) }, 1_000)).toBe(expected);
  });
});
