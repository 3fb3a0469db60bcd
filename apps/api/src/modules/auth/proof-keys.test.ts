import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { ProofKeys } from './proof-keys.js';

const newJwk = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
const keyOf = (keys: ProofKeys, jwk: unknown) => {
  const read = keys.read(jwk);
  return read.ok ? read.key.keyObject : undefined;
};

describe('public keys of proofs', () => {
  test('one JWK is read once, another is another key', () => {
    const keys = new ProofKeys();
    const [one, other] = [newJwk(), newJwk()];
    const first = keyOf(keys, one);
    expect(first).toBeDefined();
    expect(keyOf(keys, { ...one })).toBe(first);
    expect(keyOf(keys, other)).not.toBe(first);
    expect(keyOf(keys, other)?.export({ format: 'jwk' })).toEqual(other);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a private key', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })],
    ['a point that is not on the curve', { ...newJwk(), y: 'A'.repeat(43) }],
  ])('%s is refused, the second time too', (_name, jwk) => {
    const keys = new ProofKeys();
    expect(keys.read(jwk)).toMatchObject({ ok: false });
    expect(keys.read(jwk)).toMatchObject({ ok: false });
  });

  test('a key in a very long JWK is good, but not kept', () => {
    const keys = new ProofKeys();
    const jwk = { ...newJwk(), note: 'x'.repeat(2_000) };
    const first = keyOf(keys, jwk);
    expect(first).toBeDefined();
    expect(keyOf(keys, jwk)).not.toBe(first);
  });
});
