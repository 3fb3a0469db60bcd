import { expect, test } from '@jest/globals';
import { barSpan } from './bar-span';

test.each([
  [0n, 50n, 0n, 100n, { x: '0%', width: '50%' }],
  [75n, 25n, 0n, 100n, { x: '25%', width: '50%' }],
  [-25n, 0n, -25n, 75n, { x: '0%', width: '25%' }],
  [10n, 10n, 0n, 100n, { x: '10%', width: '0%' }],
  [100n, 101n, 0n, 1_000_000n, { x: '0.01%', width: '0.5%' }],
  [1_000_000n, 999_999n, 0n, 1_000_000n, { x: '99.5%', width: '0.5%' }],
  [0n, 0n, 0n, 0n, { x: '0%', width: '0%' }],
])('from %s to %s on a track from %s to %s', (from, to, low, high, span) => {
  expect(barSpan(from, to, low, high)).toEqual(span);
});
