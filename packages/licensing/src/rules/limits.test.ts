import type { PolicyTerms } from '@bastionary/contracts/license-policies';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NOTHING_USED, termsOf } from '../../test/sample-license.js';
import { usedOf } from './leasing.js';
import { allowedOf, effectiveLimits, limitUses, refusedLimit, standingOf } from './limits.js';

test.each<[number | null, PolicyTerms['overage_strategy'], number | null]>([
  [4, 'NO_OVERAGE', 4],
  [4, 'ALLOW_1_25X_OVERAGE', 5],
  [5, 'ALLOW_1_25X_OVERAGE', 6],
  [3, 'ALLOW_1_5X_OVERAGE', 4],
  [4, 'ALLOW_2X_OVERAGE', 8],
  [4, 'ALWAYS_ALLOW_OVERAGE', null],
  [null, 'NO_OVERAGE', null],
  [Number.MAX_SAFE_INTEGER, 'ALLOW_2X_OVERAGE', Number.MAX_SAFE_INTEGER],
])('of %p with %s may be taken %p', (limit, strategy, allowed) => {
  expect(allowedOf(limit, strategy)).toBe(allowed);
});

test('what is tolerated begins over the limit and ends where no more is allowed', () => {
  const standings = [4, 5, 6].map((used) => standingOf(4, used, 'ALLOW_1_25X_OVERAGE'));
  expect(standings).toEqual(['within', 'over', 'beyond']);
});

test('a licence has its own limits before those of its policy; node-locked it has one machine', () => {
  const terms = termsOf({ floating: true, max_machines: 5, max_cores: 8, max_users: 3 });
  const own = { max_machines: 7, max_cores: null };
  expect(effectiveLimits(terms, own)).toMatchObject({ max_machines: 7, max_cores: null, max_users: 3, max_uses: null });
  expect(effectiveLimits({ ...terms, floating: false }, { max_machines: null }).max_machines).toBe(1);
});

test('what is left is never less than nothing, and overage is not left', () => {
  const limits = effectiveLimits(termsOf({ floating: true, max_machines: 2, max_uses: 9 }), {});
  const uses = limitUses(limits, { ...NOTHING_USED, max_machines: 3, max_uses: 4 });
  expect(uses.max_machines).toEqual({ limit: 2, used: 3, free: 0 });
  expect(uses.max_uses).toEqual({ limit: 9, used: 4, free: 5 });
  expect(uses.max_disk).toEqual({ limit: null, used: 0, free: null });
});

describe('one more', () => {
  const limits = effectiveLimits(termsOf({ floating: true, max_machines: 2, max_cores: 8, max_uses: 3 }), {});
  test('is refused by the first limit that does not bear it', () => {
    const used = { ...NOTHING_USED, max_machines: 1, max_cores: 6, max_uses: 3 };
    expect(refusedLimit(limits, 'NO_OVERAGE', used, { max_machines: 1, max_cores: 2 })).toBeNull();
    expect(refusedLimit(limits, 'NO_OVERAGE', used, { max_machines: 1, max_cores: 3 })).toBe('max_cores');
    expect(refusedLimit(limits, 'NO_OVERAGE', used, { max_machines: 2, max_cores: 3 })).toBe('max_machines');
    expect(refusedLimit(limits, 'ALLOW_2X_OVERAGE', used, { max_machines: 3, max_cores: 10 })).toBeNull();
    expect(refusedLimit(limits, 'ALWAYS_ALLOW_OVERAGE', used, { max_uses: 1 })).toBe('max_uses');
  });

  test('what is over a limit that was lowered does not stand in the way of what takes nothing of it', () => {
    const used = { ...NOTHING_USED, max_cores: 20 };
    expect(refusedLimit(limits, 'NO_OVERAGE', used, { max_machines: 1, max_cores: 0 })).toBeNull();
  });

  test('taken one by one there are never more than the limit with its overage', () => {
    const strategy = fc.constantFrom(
      'NO_OVERAGE' as const,
      'ALLOW_1_25X_OVERAGE' as const,
      'ALLOW_1_5X_OVERAGE' as const,
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), strategy, (max_machines, overage) => {
        const bounds = effectiveLimits(termsOf({ floating: true, max_machines }), {});
        let taken = 0;
        while (refusedLimit(bounds, overage, { ...NOTHING_USED, max_machines: taken }, { max_machines: 1 }) === null)
          taken++;
        const factor = { NO_OVERAGE: 1, ALLOW_1_25X_OVERAGE: 1.25, ALLOW_1_5X_OVERAGE: 1.5 }[overage];
        expect(taken).toBe(Math.floor(max_machines * factor));
      }),
    );
  });
});

describe('leasing', () => {
  const seat = (id: string, userId: string | null, processes: number) => ({
    ...{ id, userId, processes },
    ...{ cores: 4, memory: null, disk: 100 },
  });
  const seats = [
    seat('mac_1', 'usr_1', 3),
    seat('mac_2', 'usr_1', 1),
    seat('mac_3', 'usr_2', 2),
    seat('mac_4', null, 9),
  ];
  const counters = { users: 2, uses: 7 };

  test('machines per licence, processes per machine', () => {
    const used = { max_machines: 4, max_cores: 16, max_memory: 0, max_disk: 400, max_users: 2, max_uses: 7 };
    expect(usedOf(termsOf(), seats, counters)).toEqual({ ...used, max_processes: 9 });
    expect(usedOf(termsOf(), seats, counters, { machineId: 'mac_1' })).toEqual({ ...used, max_processes: 3 });
    expect(usedOf(termsOf(), [], counters)).toEqual({ ...NOTHING_USED, max_users: 2, max_uses: 7 });
  });

  test('per user: of one user, else of the one that has most', () => {
    const terms = termsOf({ machine_leasing_strategy: 'PER_USER', process_leasing_strategy: 'PER_USER' });
    const of = (userId?: string | null) => usedOf(terms, seats, counters, userId === undefined ? {} : { userId });
    expect(of('usr_1')).toMatchObject({ max_machines: 2, max_cores: 8, max_processes: 4 });
    expect(of(null)).toMatchObject({ max_machines: 1, max_cores: 4, max_processes: 9 });
    expect(of('usr_3')).toMatchObject({ max_machines: 0, max_cores: 0, max_processes: 0 });
    expect(of()).toMatchObject({ max_machines: 2, max_cores: 8, max_processes: 9 });
  });

  test('processes per licence', () => {
    expect(usedOf(termsOf({ process_leasing_strategy: 'PER_LICENSE' }), seats, counters).max_processes).toBe(15);
  });
});
