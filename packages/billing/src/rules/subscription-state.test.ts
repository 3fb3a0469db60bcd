import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  endOf,
  isEntitling,
  nextStateChange,
  type SubscriptionFacts,
  standingAt,
  stateAt,
  stateChangesBetween,
} from './subscription-state.js';

const DAY = 86_400_000;
const START = Date.parse('2027-01-01T00:00:00Z');
/** So many days after the start. */
const day = (count: number): Date => new Date(START + count * DAY);
const millisecondBefore = (instant: Date): Date => new Date(instant.getTime() - 1);

const facts = (known: Partial<SubscriptionFacts> = {}): SubscriptionFacts => ({
  start: day(0),
  trialEnd: null,
  cancelAt: null,
  canceledAt: null,
  pausedFrom: null,
  pausedUntil: null,
  pastDueSince: null,
  graceSeconds: 7 * 86_400,
  suspendedAt: null,
  refundedAt: null,
  ...known,
});

describe('standingAt', () => {
  test.each<[string, Partial<SubscriptionFacts>, Date, string, string, Date]>([
    ['before its start', {}, millisecondBefore(day(0)), 'scheduled', 'start', day(0)],
    ['from its start', {}, day(0), 'active', 'start', day(0)],
    ['in its trial', { trialEnd: day(14) }, millisecondBefore(day(14)), 'trialing', 'start', day(0)],
    ['from the end of its trial', { trialEnd: day(14) }, day(14), 'active', 'trial_end', day(14)],
    ['past due in grace', { pastDueSince: day(30) }, millisecondBefore(day(37)), 'past_due', 'past_due', day(30)],
    ['past due after grace', { pastDueSince: day(30) }, day(37), 'suspended', 'grace_over', day(37)],
    ['past due without grace', { pastDueSince: day(30), graceSeconds: 0 }, day(30), 'suspended', 'grace_over', day(30)],
    ['a debt in the trial', { trialEnd: day(14), pastDueSince: day(1) }, day(2), 'past_due', 'past_due', day(1)],
    ['paused', { pausedFrom: day(5), pausedUntil: day(9) }, day(5), 'paused', 'paused', day(5)],
    ['after the pause', { pausedFrom: day(5), pausedUntil: day(9) }, day(9), 'active', 'start', day(0)],
    ['paused without an end', { pausedFrom: day(5) }, day(999), 'paused', 'paused', day(5)],
    ['a pause hides a debt in grace', { pausedFrom: day(5), pastDueSince: day(4) }, day(6), 'paused', 'paused', day(5)],
    ['but not for longer', { pausedFrom: day(5), pastDueSince: day(4) }, day(11), 'suspended', 'grace_over', day(11)],
    ['suspended by an operator', { suspendedAt: day(3), pausedFrom: day(1) }, day(3), 'suspended', 'suspended', day(3)],
    [
      'suspended by an operator and in debt',
      { suspendedAt: day(3), pastDueSince: day(1), graceSeconds: 0 },
      day(4),
      'suspended',
      'suspended',
      day(3),
    ],
    [
      'paid back',
      { refundedAt: day(3), pastDueSince: day(1), graceSeconds: 0 },
      day(4),
      'suspended',
      'refunded',
      day(3),
    ],
    [
      'paid back and suspended by an operator',
      { refundedAt: day(3), suspendedAt: day(5) },
      day(6),
      'suspended',
      'suspended',
      day(5),
    ],
    ['before the end it was given', { cancelAt: day(31) }, millisecondBefore(day(31)), 'active', 'start', day(0)],
    ['from the end it was given', { cancelAt: day(31), suspendedAt: day(1) }, day(31), 'canceled', 'canceled', day(31)],
    ['ended before that', { cancelAt: day(31), canceledAt: day(8) }, day(8), 'canceled', 'canceled', day(8)],
    ['ended before it began', { canceledAt: day(-2) }, day(-1), 'canceled', 'canceled', day(-2)],
  ])('%s', (_what, known, at, state, because, since) => {
    expect(standingAt(facts(known), at)).toEqual({ state, because, since });
  });

  test('trialing, active and past due subscriptions entitle, the others do not', () => {
    const states = ['scheduled', 'trialing', 'active', 'past_due', 'paused', 'suspended', 'canceled'] as const;
    expect(states.filter(isEntitling)).toEqual(['trialing', 'active', 'past_due']);
  });

  test('the end is the earlier of the one it was given and the one it had', () => {
    expect(endOf(facts())).toBeNull();
    expect(endOf(facts({ cancelAt: day(2) }))).toEqual(day(2));
    expect(endOf(facts({ canceledAt: day(1) }))).toEqual(day(1));
    expect(endOf(facts({ cancelAt: day(2), canceledAt: day(1) }))).toEqual(day(1));
    expect(endOf(facts({ cancelAt: day(1), canceledAt: day(2) }))).toEqual(day(1));
  });
});

describe('changes by themselves', () => {
  const eventful = facts({
    trialEnd: day(14),
    pausedFrom: day(20),
    pausedUntil: day(25),
    pastDueSince: day(30),
    cancelAt: day(60),
  });
  const all = [
    { at: day(0), from: 'scheduled', to: 'trialing' },
    { at: day(14), from: 'trialing', to: 'active' },
    { at: day(20), from: 'active', to: 'paused' },
    { at: day(25), from: 'paused', to: 'active' },
    { at: day(30), from: 'active', to: 'past_due' },
    { at: day(37), from: 'past_due', to: 'suspended' },
    { at: day(60), from: 'suspended', to: 'canceled' },
  ];

  test('all that a worker missed, in order, each at its instant', () => {
    expect(stateChangesBetween(eventful, day(-1), day(500))).toEqual(all);
    expect(stateChangesBetween(eventful, day(14), day(30))).toEqual(all.slice(2, 5));
    expect(stateChangesBetween(eventful, day(60), day(500))).toEqual([]);
  });

  test.each<[string, Partial<SubscriptionFacts>, Date, object | null]>([
    ['nothing ahead', {}, day(1), null],
    ['the end of the trial', { trialEnd: day(14) }, day(1), { at: day(14), from: 'trialing', to: 'active' }],
    ['at that instant it is over', { trialEnd: day(14) }, day(14), null],
    ['what a suspension hides is no change', { suspendedAt: day(0), trialEnd: day(14) }, day(1), null],
    ['nothing after the end', { canceledAt: day(1), trialEnd: day(14) }, day(2), null],
    ['an empty pause is none', { pausedFrom: day(5), pausedUntil: day(5) }, day(1), null],
  ])('next: %s', (_what, known, at, expected) => {
    expect(nextStateChange(facts(known), at)).toEqual(expected);
  });

  const instant = fc.integer({ min: -5, max: 60 }).map(day);
  const maybe = fc.option(instant);
  const anyFacts: fc.Arbitrary<SubscriptionFacts> = fc.record({
    start: instant,
    trialEnd: maybe,
    cancelAt: maybe,
    canceledAt: maybe,
    pausedFrom: maybe,
    pausedUntil: maybe,
    pastDueSince: maybe,
    graceSeconds: fc.integer({ min: 0, max: 20 }).map((days) => days * 86_400),
    suspendedAt: maybe,
    refundedAt: maybe,
  });

  test('told from day to day or all at once, they are those that looking every day shows', () => {
    fc.assert(
      fc.property(anyFacts, (some) => {
        const seen = [];
        const daily = [];
        for (let count = -5; count <= 90; count++) {
          const [from, to] = [stateAt(some, day(count - 1)), stateAt(some, day(count))];
          if (from !== to) seen.push({ at: day(count), from, to });
          daily.push(...stateChangesBetween(some, day(count - 1), day(count)));
        }
        expect(stateChangesBetween(some, day(-6), day(90))).toEqual(seen);
        expect(daily).toEqual(seen);
      }),
    );
  });

  test('once canceled, always canceled', () => {
    fc.assert(
      fc.property(anyFacts, instant, (some, at) => {
        fc.pre(stateAt(some, at) === 'canceled');
        expect(nextStateChange(some, at)).toBeNull();
      }),
    );
  });
});
