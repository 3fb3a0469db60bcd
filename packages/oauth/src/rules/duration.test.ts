import { expect, test } from '@jest/globals';
import { sinceOrUntil } from './duration.js';

test.each([
  [0, '0 s ago'],
  [-999, '0 s ago'],
  [-92_000, '1 min ago'],
  [-59_000, '59 s ago'],
  [-3 * 3_600_000, '3 h ago'],
  [-50 * 3_600_000, '2 d ago'],
  [500, 'in 0 s'],
  [12_000, 'in 12 s'],
  [86_400_000, 'in 1 d'],
])('%s ms from now is %s', (offset, expected) => {
  expect(sinceOrUntil(1_700_000_000_000 + offset, 1_700_000_000_000)).toBe(expected);
});
