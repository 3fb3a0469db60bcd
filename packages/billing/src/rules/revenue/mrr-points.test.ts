import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { itemsAfter, termsOf } from '../items.js';
import type { Terms } from '../scheduled-change.js';
import { type Contract, settle } from '../settle.js';
import { type Act, decideAct } from '../subscription-act.js';
import { stateAt } from '../subscription-state.js';
import { type MrrPoint, mrrTimeline, pointsFrom } from './mrr-points.js';

const DAY = 86_400_000;
const day = (count: number): Date => new Date(Date.UTC(2026, 0, 1) + count * DAY);
const WORTH: Readonly<Record<string, bigint>> = { 'basic@1': 1_000n, 'pro@1': 3_000n, 'extra@1': 200n };
const worth = ({ plan, quantity, addOns }: Terms): bigint =>
  [{ plan, quantity }, ...addOns].reduce((sum, one) => sum + (WORTH[one.plan] ?? 0n) * BigInt(one.quantity), 0n);

function contract(some: Partial<Contract['facts']> = {}, changes: Contract['changes'] = []): Contract {
  const start = some.start ?? day(0);
  return {
    facts: {
      start,
      trialEnd: null,
      cancelAt: null,
      canceledAt: null,
      pausedFrom: null,
      pausedUntil: null,
      pastDueSince: null,
      graceSeconds: 0,
      suspendedAt: null,
      refundedAt: null,
      ...some,
    },
    cycle: { anchor: start, timeZone: 'UTC', interval: { unit: 'month', count: 1 } },
    items: itemsAfter([], { plan: 'basic@1', quantity: 1, addOns: [] }, start),
    changes,
  };
}
const change = (at: Date, wanted: Partial<Terms>, id = `sch_${at.getTime()}`): Contract['changes'][number] => ({
  id,
  at,
  change: wanted,
  interval: null,
  status: 'pending',
});
const told = (points: readonly MrrPoint[]) => points.map(({ at, amount, reason }) => [at, amount, reason]);

describe('what a subscription is worth, as far as is known', () => {
  test('from its start; a trial is worth nothing', () => {
    expect(told(mrrTimeline(contract({ trialEnd: day(14) }), worth))).toEqual([
      [day(0), 0n, 'subscription.started'],
      [day(14), 1_000n, 'subscription.trial_ended'],
    ]);
  });

  test('changes that are arranged, and its end', () => {
    const arranged = [
      change(day(10), { plan: 'pro@1' }),
      change(day(20), { addOns: [{ plan: 'extra@1', quantity: 2 }] }),
    ];
    const points = mrrTimeline(contract({ cancelAt: day(30) }, arranged), worth);
    expect(told(points)).toEqual([
      [day(0), 1_000n, 'subscription.started'],
      [day(10), 3_000n, 'subscription.change_applied'],
      [day(20), 3_400n, 'subscription.change_applied'],
      [day(30), 0n, 'subscription.canceled'],
    ]);
    expect(points.map(({ terms }) => terms)).toEqual(['basic@1 × 1', 'pro@1 × 1', 'pro@1 × 1 + extra@1 × 2', '']);
  });

  test('past due it pays on, until the grace is over', () => {
    const owing = contract({ pastDueSince: day(5), graceSeconds: (3 * DAY) / 1_000 });
    expect(told(mrrTimeline(owing, worth))).toEqual([
      [day(0), 1_000n, 'subscription.started'],
      [day(5), 1_000n, 'subscription.past_due'],
      [day(8), 0n, 'subscription.suspended'],
    ]);
  });

  test('a pause is worth nothing', () => {
    expect(told(mrrTimeline(contract({ pausedFrom: day(3), pausedUntil: day(6) }), worth))).toEqual([
      [day(0), 1_000n, 'subscription.started'],
      [day(3), 0n, 'subscription.paused'],
      [day(6), 1_000n, 'subscription.resumed'],
    ]);
  });
});

describe('what is written', () => {
  test('a past that is told afterwards is written from its start', () => {
    const points = pointsFrom(mrrTimeline(contract(), worth), null, day(40), 'subscription.created');
    expect(told(points)).toEqual([[day(0), 1_000n, 'subscription.started']]);
  });

  test('what changes nothing is not written', () => {
    const [kept = null] = mrrTimeline(contract(), worth);
    expect(pointsFrom(mrrTimeline(contract(), worth), kept, day(3), 'subscription.updated')).toEqual([]);
  });

  test('the past stays as it was written, whatever the facts say now', () => {
    const kept = { at: day(3), amount: 0n, terms: '', reason: 'subscription.paused' };
    expect(told(pointsFrom(mrrTimeline(contract(), worth), kept, day(9), 'subscription.resumed'))).toEqual([
      [day(9), 1_000n, 'subscription.resumed'],
    ]);
  });
});

/** The table, and the writing of it as the action does it. */
class Written {
  points: MrrPoint[] = [];

  record(now: Contract, at: Date, reason: string): void {
    const before = this.points.filter((point) => point.at < at);
    this.points = [...before, ...pointsFrom(mrrTimeline(now, worth), before.at(-1) ?? null, at, reason)];
  }

  at(instant: Date): bigint {
    return this.points.findLast(({ at }) => at <= instant)?.amount ?? 0n;
  }
}

const STEP = fc.record({
  wait: fc.nat(6),
  ahead: fc.nat(12),
  act: fc.constantFrom(
    'cancel',
    'uncancel',
    'pause',
    'resume',
    'suspend',
    'reinstate',
    'fail',
    'pay',
    'terms',
    'settle',
  ),
  plan: fc.constantFrom('basic@1', 'pro@1'),
  quantity: fc.integer({ min: 1, max: 9 }),
});
type Step = typeof STEP extends fc.Arbitrary<infer One> ? One : never;

function actOf({ act, ahead }: Step, now: Date): Act {
  const at = new Date(now.getTime() + ahead * DAY);
  if (act === 'cancel' || act === 'resume') return { kind: act, at };
  if (act === 'pause') return { kind: act, at, until: null };
  if (act === 'fail') return { kind: 'payment_failed', graceSeconds: (4 * DAY) / 1_000 };
  if (act === 'pay') return { kind: 'payment_received' };
  return { kind: act as 'uncancel' | 'suspend' | 'reinstate' };
}

/** What follows from a step; null if it is refused or changes nothing. */
function after(before: Contract, step: Step, now: Date): Contract | null {
  if (step.act === 'settle') return before;
  if (step.act === 'terms') {
    if (stateAt(before.facts, now) === 'canceled') return null;
    const wanted = { plan: step.plan, quantity: step.quantity };
    return step.ahead === 0
      ? { ...before, items: itemsAfter(before.items, { ...termsOf(before.items), ...wanted }, now) }
      : {
          ...before,
          changes: [
            ...before.changes,
            change(new Date(now.getTime() + step.ahead * DAY), wanted, `sch_${now.getTime()}_${step.ahead}`),
          ],
        };
  }
  const outcome = decideAct(before.facts, actOf(step, now), now);
  return outcome.outcome === 'allowed' ? { ...before, facts: outcome.facts } : null;
}

test('any acts at any time: what is written for an instant is what was so at it, however late it was settled', () => {
  const life = fc.record({
    start: fc.integer({ min: -5, max: 5 }),
    trial: fc.nat(8),
    steps: fc.array(STEP, { maxLength: 14 }),
  });
  fc.assert(
    fc.property(life, ({ start, trial, steps }) => {
      let now = day(0);
      let current = contract({ start: day(start), trialEnd: trial === 0 ? null : day(start + trial) });
      let settledAt = now;
      const written = new Written();
      written.record(current, now, 'subscription.created');
      // What it was worth every day, as whoever looked that day saw it.
      const seen = new Map<number, bigint>();
      const look = (): void => {
        const { contract: settled } = settle(current, settledAt, now);
        const isPaying = ['active', 'past_due'].includes(stateAt(settled.facts, now));
        seen.set(now.getTime(), isPaying ? worth(termsOf(settled.items)) : 0n);
      };
      for (const step of [...steps, ...Array.from({ length: 15 }, () => null)]) {
        for (let waited = 0; waited < (step?.wait ?? 1); waited++) {
          now = new Date(now.getTime() + DAY);
          look();
        }
        if (step === null) continue;
        current = settle(current, settledAt, now).contract;
        settledAt = now;
        const next = after(current, step, now);
        if (next === null) continue;
        current = next;
        written.record(current, now, 'subscription.updated');
        const once = written.points;
        written.record(current, now, 'subscription.updated');
        expect(written.points).toEqual(once);
        look();
      }
      for (const [time, amount] of seen) expect([time, written.at(new Date(time))]).toEqual([time, amount]);
      // And so MRR at one time and what moved since are MRR at another.
      const moved = written.points.reduce(
        (sum, point, index) => sum + point.amount - (written.points[index - 1]?.amount ?? 0n),
        0n,
      );
      expect(moved).toBe(written.points.at(-1)?.amount ?? 0n);
    }),
    { numRuns: Number(process.env.MRR_RUNS ?? 300) },
  );
});
