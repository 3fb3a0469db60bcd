import { describe, expect, test } from '@jest/globals';
import { afterAct, freeOf, mayTake, type ReservationState, stateAt } from './quota.js';

test.each<[number | null, number, number, boolean, number | null]>([
  [10, 0, 10, true, 10],
  [10, 1, 10, false, 9],
  [10, 12, 1, false, 0],
  [0, 0, 1, false, 0],
  [null, 5, 1_000_000, true, null],
  [null, Number.MAX_SAFE_INTEGER, 1, false, null],
])('of %j with %i taken, %i more: %s; free %j', (limit, used, amount, may, free) => {
  expect([mayTake(limit, used, amount), freeOf(limit, used)]).toEqual([may, free]);
});

const NOW = new Date(1_000);
test.each<[string, Date | null, ReservationState]>([
  ['reserved', new Date(1_001), 'reserved'],
  ['reserved', new Date(1_000), 'expired'],
  ['committed', null, 'committed'],
  ['committed', new Date(0), 'committed'],
  ['released', new Date(0), 'released'],
])('%s until %p is %s', (state, expiresAt, expected) => {
  expect(stateAt({ state, expiresAt }, NOW)).toBe(expected);
});

describe('what becomes of a reservation', () => {
  test.each<[ReservationState, 'commit' | 'release', string]>([
    ['reserved', 'commit', 'committed'],
    ['committed', 'commit', 'same'],
    ['released', 'commit', 'refused'],
    ['expired', 'commit', 'refused'],
    ['reserved', 'release', 'released'],
    ['committed', 'release', 'released'],
    ['released', 'release', 'same'],
    ['expired', 'release', 'same'],
  ])('%s, %s: %s', (state, act, expected) => {
    expect(afterAct(state, act)).toBe(expected);
  });
});
