import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_STEPS, type DunningStep, graceSeconds, holdsPastDue, nextStepAt } from './dunning.js';

const DUE = new Date('2026-01-31T10:00:00Z');
const inDays = (days: number): string => new Date(DUE.getTime() + days * 86_400_000).toISOString();

/** Takes every step when it falls due, each so many days late; the instants at which they are taken. */
function run(steps: readonly DunningStep[], late: readonly number[]): string[] {
  const taken: Date[] = [];
  for (;;) {
    const next = nextStepAt(steps, taken.length, taken.at(-1) ?? DUE);
    if (next === null) return taken.map((at) => at.toISOString());
    taken.push(new Date(next.getTime() + (late[taken.length] ?? 0) * 86_400_000));
  }
}

describe('dunning', () => {
  test('takes each step at its distance from the due date', () => {
    expect(run(DEFAULT_STEPS, [])).toEqual([1, 7, 14, 21].map(inDays));
  });

  test('a worker that was away for ten days shifts what follows, and takes no two steps at once', () => {
    expect(run(DEFAULT_STEPS, [10])).toEqual([11, 17, 24, 31].map(inDays));
  });

  test('the grace reaches from the warning to the suspension', () => {
    expect(graceSeconds(DEFAULT_STEPS)).toBe(14 * 86_400);
    expect(graceSeconds([{ act: 'past_due', afterSeconds: 0 }])).toBeGreaterThan(50 * 365 * 86_400);
  });

  test.each([
    [0, false],
    [1, false],
    [2, true],
    [4, true],
  ])('after %i steps it holds the subscription past due: %s', (taken, holds) => {
    expect(holdsPastDue(DEFAULT_STEPS, taken)).toBe(holds);
  });

  test('whatever the steps and delays: none comes before its time, none before the one before', () => {
    const step = fc.record({ act: fc.constant('remind' as const), afterSeconds: fc.nat(10_000_000) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), fc.array(fc.nat(30), { maxLength: 8 }), (some, late) => {
        const steps = some.toSorted((a, b) => a.afterSeconds - b.afterSeconds);
        const at = run(steps, late).map((instant) => Date.parse(instant));
        expect(at).toHaveLength(steps.length);
        expect(at).toEqual(at.toSorted((a, b) => a - b));
        expect(at.every((instant, place) => instant - DUE.getTime() >= (steps[place]?.afterSeconds ?? 0) * 1_000)).toBe(
          true,
        );
      }),
    );
  });
});
