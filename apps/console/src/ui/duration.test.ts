import { describe, expect, test } from '@jest/globals';
import { formatDuration, toDraft, toSeconds } from './duration';

test.each([
  [0, '0 seconds'],
  [1, '1 second'],
  [90, '1 minute 30 seconds'],
  [600, '10 minutes'],
  [5_400, '1 hour 30 minutes'],
  [90_061, '1 day 1 hour'],
])('%d seconds are %s', (seconds, words) => {
  expect(formatDuration(seconds)).toBe(words);
});

describe('the fields of a duration', () => {
  test.each([10, 61, 600, 3_600, 5_400, 86_400, 31_536_000, null])('%p seconds survive them', (seconds) => {
    expect(toSeconds(toDraft(seconds))).toBe(seconds);
  });

  test.each([
    ['1.5', 5_400],
    ['1,5', 5_400],
    [' 2 ', 7_200],
  ])('%j hours are %d seconds', (amount, seconds) => {
    expect(toSeconds({ amount, unit: 'hour' })).toBe(seconds);
  });

  test.each(['x', '-1', '1e3', '0.0001'])('%j hours are nothing', (amount) => {
    expect(toSeconds({ amount, unit: 'hour' })).toBeNaN();
  });
});
