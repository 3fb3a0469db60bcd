import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Cycle, trialEnd } from './periods.js';
import {
  applyDue,
  currentPeriod,
  nextChangeAt,
  periodEnd,
  type ScheduledChange,
  type Terms,
  type TermsChange,
  termsAt,
} from './scheduled-change.js';
import type { SubscriptionFacts } from './subscription-state.js';

const DAY = 86_400_000;
const START = Date.parse('2027-01-31T00:00:00Z');
const day = (count: number): Date => new Date(START + count * DAY);
const date = (text: string): Date => new Date(`${text}T00:00:00Z`);

const facts = (known: Partial<SubscriptionFacts> = {}): SubscriptionFacts => ({
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
  ...known,
});
const monthly: Cycle = { anchor: day(0), interval: { unit: 'month', count: 1 }, timeZone: 'UTC' };
const terms: Terms = { plan: 'pro@1', quantity: 1, addOns: [] };
const change = (id: string, at: Date, to: TermsChange, status: ScheduledChange['status'] = 'pending') => ({
  id,
  at,
  change: to,
  status,
});

describe('applyDue', () => {
  const pro2 = change('c1', day(10), { plan: 'pro@2' });
  const five = change('c2', day(20), { quantity: 5 });
  const free = change('c3', day(20), { plan: 'free@1', addOns: [{ plan: 'support@1', quantity: 1 }] });

  test('nothing is due before its instant', () => {
    expect(applyDue(terms, [pro2], facts(), new Date(day(10).getTime() - 1))).toEqual({
      terms,
      applied: [],
      voided: [],
    });
  });

  test('in order of their instants, then of asking, whatever the order they come in; each with its own instant', () => {
    const afterFirst = { ...terms, plan: 'pro@2' };
    const afterSecond = { ...afterFirst, quantity: 5 };
    const last = { plan: 'free@1', quantity: 5, addOns: [{ plan: 'support@1', quantity: 1 }] };
    expect(applyDue(terms, [free, five, pro2], facts(), day(400))).toEqual({
      terms: last,
      applied: [
        { id: 'c1', at: day(10), before: terms, after: afterFirst },
        { id: 'c2', at: day(20), before: afterFirst, after: afterSecond },
        { id: 'c3', at: day(20), before: afterSecond, after: last },
      ],
      voided: [],
    });
  });

  test('what was applied or void is left alone', () => {
    const done = [change('c1', day(1), { plan: 'pro@2' }, 'applied'), change('c2', day(1), { quantity: 9 }, 'void')];
    expect(applyDue(terms, done, facts(), day(400))).toEqual({ terms, applied: [], voided: [] });
  });

  test('before the end it counts, at the end and after it is void, also where its instant has not come', () => {
    const ended = facts({ cancelAt: day(20) });
    const far = change('c4', day(900), { quantity: 7 });
    const result = applyDue(terms, [far, five, pro2], ended, day(30));
    expect(result.applied.map(({ id }) => id)).toEqual(['c1']);
    expect(result.voided).toEqual(['c2', 'c4']);
    expect(result.terms).toEqual({ ...terms, plan: 'pro@2' });
    expect(applyDue(terms, [five], ended, day(19)).voided).toEqual([]);
  });

  test('a suspended or paused subscription changes all the same', () => {
    const idle = facts({ suspendedAt: day(1), pausedFrom: day(1) });
    expect(applyDue(terms, [five], idle, day(20)).terms.quantity).toBe(5);
  });

  const anyChange = fc.record({
    at: fc.integer({ min: 0, max: 60 }),
    to: fc.oneof(
      fc.record({ plan: fc.constantFrom('free@1', 'pro@1', 'pro@2') }),
      fc.record({ quantity: fc.integer({ min: 1, max: 9 }) }),
      fc.record({ plan: fc.constantFrom('free@1', 'pro@2'), quantity: fc.integer({ min: 1, max: 9 }) }),
    ),
  });
  const anyChanges = fc
    .array(anyChange, { maxLength: 12 })
    .map((list) => list.map(({ at, to }, index) => change(`c${String.fromCharCode(97 + index)}`, day(at), to)));
  const written = (changes: readonly ScheduledChange[], result: ReturnType<typeof applyDue>): ScheduledChange[] =>
    changes.map((one) => {
      if (result.applied.some(({ id }) => id === one.id)) return { ...one, status: 'applied' };
      return result.voided.includes(one.id) ? { ...one, status: 'void' } : one;
    });

  test('applied day by day, on some days or once at the end: the same terms, each change once, and nothing left due', () => {
    const visits = fc.array(fc.integer({ min: 0, max: 70 }), { maxLength: 6 });
    fc.assert(
      fc.property(anyChanges, visits, fc.option(fc.integer({ min: 0, max: 70 })), (changes, days, end) => {
        const some = facts({ cancelAt: end === null ? null : day(end) });
        let rows: ScheduledChange[] = changes;
        let current = terms;
        const applied: string[] = [];
        const voided: string[] = [];
        for (const count of [...days, 80].sort((a, b) => a - b)) {
          expect(termsAt(current, rows, some, day(count))).toEqual(termsAt(terms, changes, some, day(count)));
          const result = applyDue(current, rows, some, day(count));
          rows = written(rows, result);
          current = result.terms;
          applied.push(...result.applied.map(({ id }) => id));
          voided.push(...result.voided);
          expect(applyDue(current, rows, some, day(count))).toEqual({ terms: current, applied: [], voided: [] });
        }
        const atOnce = applyDue(terms, changes, some, day(80));
        expect(current).toEqual(atOnce.terms);
        expect(applied).toEqual(atOnce.applied.map(({ id }) => id));
        expect(voided.sort()).toEqual([...atOnce.voided].sort());
        expect([...applied, ...voided].sort()).toEqual(changes.map(({ id }) => id).sort());
      }),
    );
  });

  test('they are the terms of reading the list from top to bottom', () => {
    fc.assert(
      fc.property(anyChanges, fc.integer({ min: 0, max: 70 }), (changes, count) => {
        let expected = terms;
        for (let today = 0; today <= count; today++) {
          for (const one of changes)
            if (one.at.getTime() === day(today).getTime()) expected = { ...expected, ...one.change };
        }
        expect(termsAt(terms, changes, facts(), day(count))).toEqual(expected);
      }),
    );
  });
});

describe('nextChangeAt', () => {
  const five = change('c1', day(20), { quantity: 5 });
  test.each<[string, Partial<SubscriptionFacts>, readonly ScheduledChange[], Date, Date | null]>([
    ['nothing ahead', {}, [], day(1), null],
    ['a scheduled change', {}, [five], day(1), day(20)],
    ['the end of a trial before it', { trialEnd: day(14) }, [five], day(1), day(14)],
    ['a change that is overdue', { trialEnd: day(40) }, [five], day(30), day(20)],
    ['one that was applied is not ahead', {}, [{ ...five, status: 'applied' }], day(1), null],
    ['one after the end is not ahead, the end is', { cancelAt: day(15) }, [five], day(1), day(15)],
    ['nothing after the end', { canceledAt: day(5) }, [five], day(6), null],
  ])('%s', (_what, known, changes, at, expected) => {
    expect(nextChangeAt(facts(known), changes, at)).toEqual(expected);
  });
});

describe('the current period and its end', () => {
  const trial = trialEnd(date('2026-04-28'), 7, 'UTC');
  const onTrial = facts({ start: date('2026-04-28'), trialEnd: trial });
  const anew: Cycle = { ...monthly, anchor: trial };
  const kept: Cycle = { ...monthly, anchor: date('2026-04-28') };

  test.each<[string, SubscriptionFacts, Cycle, string, [string, string] | null]>([
    ['E06: in the trial', onTrial, anew, '2026-05-04', ['2026-04-28', '2026-05-05']],
    ['E06: the first paid period, anchored anew', onTrial, anew, '2026-05-05', ['2026-05-05', '2026-06-05']],
    ['E06: or a stub up to the anchor kept', onTrial, kept, '2026-05-05', ['2026-05-05', '2026-05-28']],
    ['E06: and whole periods from there', onTrial, kept, '2026-05-28', ['2026-05-28', '2026-06-28']],
    ['before the start: the first', facts(), monthly, '2027-01-01', ['2027-01-31', '2027-02-28']],
    ['before the start of a trial', onTrial, anew, '2026-01-01', ['2026-04-28', '2026-05-05']],
    ['at a boundary: the one that begins', facts(), monthly, '2027-02-28', ['2027-02-28', '2027-03-31']],
    ['cut by the end', facts({ cancelAt: date('2027-03-10') }), monthly, '2027-03-01', ['2027-02-28', '2027-03-10']],
    ['none from the end on', facts({ cancelAt: date('2027-03-10') }), monthly, '2027-03-10', null],
    ['none if it ended before it began', facts({ canceledAt: date('2027-01-02') }), monthly, '2027-01-01', null],
    ['a pause shifts nothing', facts({ pausedFrom: day(1) }), monthly, '2027-02-10', ['2027-01-31', '2027-02-28']],
    ['a trial of no days is none', facts({ trialEnd: day(0) }), monthly, '2027-01-31', ['2027-01-31', '2027-02-28']],
  ])('%s', (_what, known, cycle, at, expected) => {
    const span = expected && { start: date(expected[0]), end: date(expected[1]) };
    expect(currentPeriod(known, cycle, date(at))).toEqual(span);
  });

  test.each<[string, SubscriptionFacts, Cycle, string, string]>([
    ['of a trial', onTrial, anew, '2026-05-01', '2026-05-05'],
    ['of a period', facts(), monthly, '2027-02-10', '2027-02-28'],
    ['at a boundary: the next one', facts(), monthly, '2027-02-28', '2027-03-31'],
    ['whatever end was set', facts({ cancelAt: date('2027-02-12') }), monthly, '2027-02-10', '2027-02-28'],
    ['before the start', facts(), monthly, '2026-12-24', '2027-02-28'],
  ])('period_end %s', (_what, known, cycle, now, expected) => {
    expect(periodEnd(known, cycle, date(now))).toEqual(date(expected));
  });
});
