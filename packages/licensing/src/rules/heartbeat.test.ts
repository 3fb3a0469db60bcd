import { describe, expect, test } from '@jest/globals';
import { NOW, termsOf } from '../../test/sample-license.js';
import {
  afterHeartbeat,
  firstDeadline,
  heartbeatStatusOf,
  holdsSeat,
  isAlive,
  isCullable,
  revivableUntil,
} from './heartbeat.js';

const after = (milliseconds: number): Date => new Date(NOW.getTime() + milliseconds);
const MINUTE = 60_000;
// It dies NOW.
const dying = { diesAt: NOW, lastHeartbeatAt: after(-10 * MINUTE), resurrectedAt: null };

test('5: at the deadline it is alive, a millisecond later dead', () => {
  expect([after(-1), NOW, after(1)].map((now) => heartbeatStatusOf(dying, now))).toEqual(['ALIVE', 'ALIVE', 'DEAD']);
});

test('6: a heartbeat after death is refused without revival, and the seat is free', () => {
  const terms = termsOf({ require_heartbeat: true });
  expect(afterHeartbeat(terms, dying, NOW)).toEqual({ status: 'ALIVE', diesAt: after(10 * MINUTE) });
  expect(afterHeartbeat(terms, dying, after(1))).toBe('dead');
  expect([holdsSeat(terms, dying, NOW), holdsSeat(terms, dying, after(1))]).toEqual([true, false]);
  expect([isCullable(terms, dying, NOW), isCullable(terms, dying, after(1))]).toEqual([false, true]);
});

describe('coming back', () => {
  test.each([
    ['1_MINUTE_REVIVE', 1],
    ['2_MINUTE_REVIVE', 2],
    ['5_MINUTE_REVIVE', 5],
    ['10_MINUTE_REVIVE', 10],
    ['15_MINUTE_REVIVE', 15],
  ] as const)('%s: within %i minutes, the last instant included', (heartbeat_resurrection_strategy, minutes) => {
    const terms = termsOf({ heartbeat_resurrection_strategy, heartbeat_duration: 60 });
    const last = after(minutes * MINUTE);
    expect(afterHeartbeat(terms, dying, last)).toEqual({
      status: 'RESURRECTED',
      diesAt: after((minutes + 1) * MINUTE),
    });
    expect(afterHeartbeat(terms, dying, after(minutes * MINUTE + 1))).toBe('dead');
    expect([isCullable(terms, dying, last), isCullable(terms, dying, after(minutes * MINUTE + 1))]).toEqual([
      false,
      true,
    ]);
    expect(holdsSeat(terms, dying, after(1))).toBe(false);
  });

  test('ALWAYS_REVIVE: however late', () => {
    const terms = termsOf({ heartbeat_resurrection_strategy: 'ALWAYS_REVIVE', heartbeat_cull_strategy: 'KEEP_DEAD' });
    expect(revivableUntil(terms, NOW)).toBeNull();
    expect(afterHeartbeat(terms, dying, after(1e12))).toMatchObject({ status: 'RESURRECTED' });
    expect(isCullable(terms, dying, after(1e12))).toBe(false);
  });

  test('it is RESURRECTED until the next heartbeat', () => {
    const back = { diesAt: after(MINUTE), lastHeartbeatAt: NOW, resurrectedAt: NOW };
    expect(heartbeatStatusOf(back, NOW)).toBe('RESURRECTED');
    expect(heartbeatStatusOf({ ...back, lastHeartbeatAt: after(1) }, after(1))).toBe('ALIVE');
    expect(heartbeatStatusOf(back, after(MINUTE + 1))).toBe('DEAD');
  });
});

test('9: a dead machine gives up its seat unless the policy keeps the dead', () => {
  const keeps = termsOf({ heartbeat_cull_strategy: 'KEEP_DEAD' });
  expect([holdsSeat(termsOf(), dying, after(1)), holdsSeat(keeps, dying, after(1))]).toEqual([false, true]);
  expect(isCullable(keeps, dying, after(1e12))).toBe(false);
});

test.each([
  [false, null, null],
  [true, null, 10 * MINUTE],
  [false, 'FROM_CREATION', 10 * MINUTE],
  [true, 'FROM_FIRST_PING', null],
] as const)(
  '10: required %s, basis %s: a machine that is never heard of dies after %p',
  (required, basis, milliseconds) => {
    const terms = termsOf({ require_heartbeat: required, heartbeat_basis: basis });
    const diesAt = firstDeadline(terms, NOW);
    expect(diesAt).toEqual(milliseconds === null ? null : after(milliseconds));
    const machine = { diesAt, lastHeartbeatAt: null, resurrectedAt: null };
    const isForEver = milliseconds === null;
    expect(isAlive(machine, after(1e12))).toBe(isForEver);
    expect(isCullable(terms, machine, after(1e12))).toBe(!isForEver);
    expect(heartbeatStatusOf(machine, NOW)).toBe('NOT_STARTED');
  },
);
