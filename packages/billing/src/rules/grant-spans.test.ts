import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { grantSpans } from './grant-spans.js';
import { type Item, itemsAfter, termsOf } from './items.js';
import { type Cycle } from './periods.js';
import { termsAt } from './scheduled-change.js';
import { type PlannedChange, settle } from './settle.js';
import { isEntitling, type SubscriptionFacts, stateAt } from './subscription-state.js';

const day = (count: number): Date => new Date(Date.UTC(2027, 0, 1 + count));
const facts = (some: Partial<SubscriptionFacts> = {}): SubscriptionFacts => ({
  start: day(0),
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
});
const items: Item[] = [
  { kind: 'plan', plan: 'pro@1', quantity: 1, since: day(0) },
  { kind: 'add_on', plan: 'seats@1', quantity: 5, since: day(0) },
];
const change = (id: string, at: number, some: PlannedChange['change']): PlannedChange => ({
  id,
  at: day(at),
  change: some,
  interval: null,
  status: 'pending',
});
const spans = (some: Partial<SubscriptionFacts>, changes: PlannedChange[] = [], now = 0) =>
  grantSpans(facts(some), items.slice(0, 1), changes, day(now)).map(({ plan, from, until }) => [
    plan,
    (from.getTime() - day(0).getTime()) / 86_400_000,
    until && (until.getTime() - day(0).getTime()) / 86_400_000,
  ]);

describe('what a subscription grants, and when', () => {
  test.each<[string, Partial<SubscriptionFacts>, PlannedChange[], number, unknown[]]>([
    ['from its start, for ever', {}, [], 0, [['pro@1', 0, null]]],
    ['from a start to come', { start: day(9) }, [], 0, [['pro@1', 9, null]]],
    ['a trial that ends goes on as active, without a seam', { trialEnd: day(7) }, [], 0, [['pro@1', 0, null]]],
    ['until it ends', { cancelAt: day(30) }, [], 0, [['pro@1', 0, 30]]],
    ['nothing once it has ended', { canceledAt: day(3) }, [], 5, []],
    ['nothing if it ended before it began', { start: day(9), canceledAt: day(3) }, [], 0, []],
    [
      'not while paused',
      { pausedFrom: day(5), pausedUntil: day(8) },
      [],
      0,
      [
        ['pro@1', 0, 5],
        ['pro@1', 8, null],
      ],
    ],
    ['what is past is left out', { pausedFrom: day(5), pausedUntil: day(8) }, [], 6, [['pro@1', 8, null]]],
    ['through the grace, and not after it', { pastDueSince: day(2), graceSeconds: 86_400 }, [], 0, [['pro@1', 0, 3]]],
    [
      'a change to come',
      {},
      [change('a', 10, { plan: 'basic@1' })],
      0,
      [
        ['pro@1', 0, 10],
        ['basic@1', 10, null],
      ],
    ],
    ['a change to come that is overdue', {}, [change('a', 10, { plan: 'basic@1' })], 12, [['basic@1', 10, null]]],
    [
      'no change at or after the end',
      { cancelAt: day(10) },
      [change('a', 10, { plan: 'basic@1' })],
      0,
      [['pro@1', 0, 10]],
    ],
  ])('%s', (_, some, changes, now, expected) => {
    expect(spans(some, changes, now)).toEqual(expected);
  });

  const instant = fc.integer({ min: -5, max: 40 }).map(day);
  const maybe = fc.option(instant, { nil: null });
  const anyFacts = fc.record<SubscriptionFacts>({
    start: instant,
    trialEnd: maybe,
    cancelAt: maybe,
    canceledAt: maybe,
    pausedFrom: maybe,
    pausedUntil: maybe,
    pastDueSince: maybe,
    graceSeconds: fc.constantFrom(0, 86_400, 432_000),
    suspendedAt: maybe,
    refundedAt: maybe,
  });
  const anyChanges = fc.array(
    fc.record({
      at: instant,
      change: fc.constantFrom<PlannedChange['change']>(
        { plan: 'basic@1' },
        { plan: 'pro@2', quantity: 3 },
        { quantity: 2 },
        { addOns: [] },
        { addOns: [{ plan: 'seats@2', quantity: 1 }] },
      ),
    }),
    { maxLength: 4 },
  );
  const planned = (list: { at: Date; change: PlannedChange['change'] }[]): PlannedChange[] =>
    list.map((one, index) => ({ ...one, id: `sch_${index}`, interval: null, status: 'pending' as const }));
  const summary = (list: { plan: string; quantity: number }[]) =>
    list.map((one) => `${one.plan}*${one.quantity}`).sort();

  test('at every instant from now on, exactly what terms and state of that instant say', () => {
    fc.assert(
      fc.property(anyFacts, anyChanges, instant, fc.integer({ min: 0, max: 45 }), (some, list, now, later) => {
        const at = new Date(now.getTime() + later * 86_400_000);
        const held = items.map((item) => ({ ...item, since: some.start }));
        const changes = planned(list).filter((one) => one.at >= some.start);
        const given = grantSpans(some, held, changes, now).filter(
          ({ from, until }) => from <= at && (until === null || at < until),
        );
        const terms = termsAt(termsOf(held), changes, some, at);
        const expected = isEntitling(stateAt(some, at)) ? itemsAfter([], terms, at) : [];
        expect(summary(given)).toEqual(summary(expected));
      }),
      { numRuns: 1_000 },
    );
  });

  test('the same whether or not what fell due has been written down', () => {
    const cycle: Cycle = { anchor: day(0), interval: { unit: 'month', count: 1 }, timeZone: 'UTC' };
    fc.assert(
      fc.property(anyFacts, anyChanges, instant, (some, list, now) => {
        const held = items.map((item) => ({ ...item, since: some.start }));
        const changes = planned(list).filter((one) => one.at >= some.start);
        const settled = settle({ facts: some, cycle, items: held, changes }, day(-5), now).contract;
        expect(grantSpans(settled.facts, settled.items, settled.changes, now)).toEqual(
          grantSpans(some, held, changes, now),
        );
      }),
      { numRuns: 1_000 },
    );
  });
});
