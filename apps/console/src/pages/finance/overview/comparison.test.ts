import { expect, test } from '@jest/globals';
import { comparison } from './comparison';

test.each([
  ['amount', '11000', '10000', '+10.0 % · before 100.00'],
  ['amount', '9950', '10000', '−0.5 % · before 100.00'],
  ['amount', '10000', '10000', '±0.0 % · before 100.00'],
  ['amount', '10000', '0', 'before 0.00'],
  ['amount', '10000', '-500', 'before −5.00'],
  ['amount', '10000', null, 'nothing to compare with'],
  ['percent', '2.50', '3.00', 'before 3 %'],
] as const)('%s %s after %s', (unit, value, before, words) => {
  expect(comparison({ unit, value, before }, 'EUR')).toBe(words);
});
