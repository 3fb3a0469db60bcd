import { describe, expect, test } from '@jest/globals';
import type { Cycle } from './periods.js';
import { type Contract, nextEvent, rhythmAfter, settle } from './settle.js';

const day = (count: number): Date => new Date(Date.UTC(2027, 0, 1 + count));
const cycle: Cycle = { anchor: day(7), interval: { unit: 'month', count: 1 }, timeZone: 'UTC' };
const contract: Contract = {
  facts: {
    start: day(0),
    trialEnd: day(7),
    cancelAt: day(60),
    canceledAt: null,
    pausedFrom: day(20),
    pausedUntil: day(25),
    pastDueSince: null,
    graceSeconds: 0,
    suspendedAt: null,
    refundedAt: null,
  },
  cycle,
  items: [{ kind: 'plan', plan: 'pro@1', quantity: 1, since: day(0) }],
  changes: [
    { id: 'b', at: day(40), change: { quantity: 3 }, interval: null, status: 'pending' },
    { id: 'a', at: day(30), change: { plan: 'basic@1' }, interval: { unit: 'year', count: 1 }, status: 'pending' },
    { id: 'c', at: day(70), change: { quantity: 9 }, interval: null, status: 'pending' },
  ],
};
const states = (stateChanges: { from: string; to: string }[]) => stateChanges.map(({ from, to }) => `${from}-${to}`);

describe('what a subscription becomes by itself', () => {
  test('nothing before anything is due', () => {
    const { applied, voided, stateChanges, contract: same } = settle(contract, day(1), day(6));
    expect([applied, voided, stateChanges]).toEqual([[], [], []]);
    expect(same).toEqual(contract);
    expect(nextEvent(contract, day(6))).toEqual(day(7));
  });

  test('months of absence at once: every turn and change in order, each at its own instant', () => {
    const settled = settle(contract, day(1), day(90));
    expect(settled.applied.map(({ id, at }) => [id, at])).toEqual([
      ['a', day(30)],
      ['b', day(40)],
    ]);
    expect(settled.voided).toEqual(['c']);
    expect(states([...settled.stateChanges])).toEqual([
      'trialing-active',
      'active-paused',
      'paused-active',
      'active-canceled',
    ]);
    expect(settled.contract.items).toEqual([{ kind: 'plan', plan: 'basic@1', quantity: 3, since: day(40) }]);
    expect(settled.contract.cycle).toEqual({ ...cycle, anchor: day(30), interval: { unit: 'year', count: 1 } });
    expect(nextEvent(settled.contract, day(90))).toBeNull();
  });

  test('done twice, or in steps, it is the same, and the second time nothing is due', () => {
    const once = settle(contract, day(1), day(90)).contract;
    const half = settle(contract, day(1), day(35)).contract;
    expect(settle(half, day(35), day(90)).contract).toEqual(once);
    const again = settle(once, day(90), day(90));
    expect([again.applied, again.voided, again.stateChanges, again.contract]).toEqual([[], [], [], once]);
  });
});

test.each<[string, Parameters<typeof rhythmAfter>, Cycle]>([
  ['no other plan', [cycle, null, day(9)], cycle],
  ['the same rhythm keeps its anchor', [cycle, { unit: 'month', count: 1 }, day(9)], cycle],
  [
    'another rhythm begins with the change',
    [cycle, { unit: 'year', count: 1 }, day(9)],
    { ...cycle, anchor: day(9), interval: { unit: 'year', count: 1 } },
  ],
  [
    'in the trial it still begins with the first paid day',
    [cycle, { unit: 'year', count: 1 }, day(3)],
    { ...cycle, interval: { unit: 'year', count: 1 } },
  ],
])('the rhythm after a change: %s', (_, given, expected) => {
  expect(rhythmAfter(...given)).toEqual(expected);
});
