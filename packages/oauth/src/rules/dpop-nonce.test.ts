import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isFreshDpopNonce, makeDpopNonce } from './dpop-nonce.js';

const key = Buffer.alloc(32, 7);
const WINDOW = 300_000;
const START = 6_000_000 * WINDOW;

test('one nonce for five minutes, fresh for that window and the next', () => {
  const nonce = makeDpopNonce(key, START);
  expect(nonce).toMatch(/^[A-Za-z0-9_-]{30}$/);
  expect(makeDpopNonce(key, START + WINDOW - 1)).toBe(nonce);
  expect(makeDpopNonce(key, START + WINDOW)).not.toBe(nonce);
  for (const [age, fresh] of [
    [-1, false],
    [0, true],
    [2 * WINDOW - 1, true],
    [2 * WINDOW, false],
    [1_000 * WINDOW, false],
  ] as const) {
    expect([age, isFreshDpopNonce(key, nonce, START + age)]).toEqual([age, fresh]);
  }
});

test('another key, another spelling, any change: not ours', () => {
  const nonce = makeDpopNonce(key, START);
  expect(isFreshDpopNonce(Buffer.alloc(32, 8), nonce, START)).toBe(false);
  for (let position = 0; position < nonce.length; position++) {
    const other = nonce.charAt(position) === 'A' ? 'B' : 'A';
    expect(isFreshDpopNonce(key, nonce.slice(0, position) + other + nonce.slice(position + 1), START)).toBe(false);
  }
  for (const text of ['', nonce.slice(0, -1), `${nonce}A`, `${nonce}=`, ` ${nonce}`, 'A'.repeat(30)]) {
    expect(isFreshDpopNonce(key, text, START)).toBe(false);
  }
});

test('always fresh when made, and no text is an error', () => {
  fc.assert(
    fc.property(fc.nat(4e12), fc.nat(300_000), fc.string({ unit: 'binary' }), (now, later, text) => {
      expect(isFreshDpopNonce(key, makeDpopNonce(key, now), now + later)).toBe(true);
      expect(isFreshDpopNonce(key, text, now)).toBe(false);
    }),
  );
});
