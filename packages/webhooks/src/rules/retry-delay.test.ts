import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { retryDelay } from './retry-delay.js';

const PAUSES = [5, 30, 120];

test.each([
  [1, 0.5, 5_000],
  [1, 0, 4_500],
  [1, 1, 5_500],
  [2, 0.5, 30_000],
  [3, 0.5, 120_000],
  [4, 0.5, null],
  [100, 0.5, null],
])('after %i failed attempts, chance %d: %p ms', (attempts, chance, delay) => {
  expect(retryDelay(attempts, PAUSES, chance)).toBe(delay);
});

test('there are as many retries as pauses, each within a tenth of its pause', () => {
  const list = fc.array(fc.integer({ min: 1, max: 86_400 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(list, fc.double({ min: 0, max: 1, noNaN: true }), (pauses, chance) => {
      for (const [index, pause] of pauses.entries()) {
        const delay = retryDelay(index + 1, pauses, chance) ?? Number.NaN;
        expect(Math.abs(delay - pause * 1_000)).toBeLessThanOrEqual(pause * 100 + 1);
      }
      expect(retryDelay(pauses.length + 1, pauses, chance)).toBeNull();
    }),
  );
});
