import { describe, expect, test } from '@jest/globals';
import { isUsable } from './usable-credential.js';

describe('isUsable', () => {
  test.each([
    [null, 'secret', true],
    [null, 'public_key', true],
    [null, 'jwks_uri', true],
    ['client_secret_basic', 'secret', true],
    ['client_secret_post', 'secret', true],
    ['client_secret_post', 'public_key', false],
    ['private_key_jwt', 'secret', false],
    ['private_key_jwt', 'public_key', true],
    ['private_key_jwt', 'jwks_uri', true],
  ])('with the method %p a %s is %p', (method, kind, expected) => {
    expect(isUsable({ kind, notBefore: null, expiresAt: null }, method, 1_000)).toBe(expected);
  });

  test.each([
    [null, 1_000, false],
    [null, 1_001, true],
    [1_000, null, true],
    [1_001, null, false],
  ])('not before %p and expiring at %p: at 1000 it is %p', (notBefore, expiresAt, expected) => {
    const date = (ms: number | null) => (ms === null ? null : new Date(ms));
    const credential = { kind: 'secret', notBefore: date(notBefore), expiresAt: date(expiresAt) };
    expect(isUsable(credential, null, 1_000)).toBe(expected);
  });
});
