import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dueSteps, keyPeriods, nextChange, promotableAt, type ScheduledKey } from './key-schedule.js';

const DAY = 86_400;
const periods = { active: 90 * DAY, publish: 14 * DAY, retain: 90_000 };
const START = Date.parse('2027-01-01T00:00:00Z');
const at = (seconds: number): Date => new Date(START + seconds * 1_000);

const key = (kid: string, state: string, instants: Partial<ScheduledKey> = {}): ScheduledKey => ({
  kid,
  state,
  publishedAt: at(0),
  promoteAt: null,
  activatedAt: null,
  retiringAt: null,
  ...instants,
});
const active = key('a', 'active', { activatedAt: at(0) });
const next = key('n', 'next');
const lateNext = key('n', 'next', { publishedAt: at(85 * DAY) });
const promote = { step: 'promote', kid: 'n', replaces: 'a' };
const create = { step: 'create' };

describe('dueSteps', () => {
  test.each<[string, ScheduledKey[], number, object[]]>([
    ['a key alone gets a next one', [active], 0, [create]],
    ['also when it is overdue: an unpublished key does not sign', [active], 400 * DAY, [create]],
    ['two keys that wait for their time', [active, next], 0, []],
    ['a second too early', [active, next], 90 * DAY - 1, []],
    ['in time, and another to follow', [active, next], 90 * DAY, [promote, create]],
    ['long overdue: one step, not several', [active, next], 900 * DAY, [promote, create]],
    ['a next key published late waits its two weeks', [active, lateNext], 99 * DAY - 1, []],
    ['and then signs', [active, lateNext], 99 * DAY, [promote, create]],
    ['asked for earlier', [active, key('n', 'next', { promoteAt: at(DAY) })], DAY, [promote, create]],
    ['asked for, but not published for ten minutes', [active, key('n', 'next', { promoteAt: at(1) })], 599, []],
    [
      'asked for, and published for ten minutes',
      [active, key('n', 'next', { promoteAt: at(1) })],
      600,
      [promote, create],
    ],
    [
      'asked for later than scheduled',
      [active, key('n', 'next', { promoteAt: at(99 * DAY) })],
      90 * DAY,
      [promote, create],
    ],
    ['a retiring key a second too early', [active, next, key('r', 'retiring', { retiringAt: at(0) })], 89_999, []],
    [
      'a retiring key in time',
      [active, next, key('r', 'retiring', { retiringAt: at(0) })],
      90_000,
      [{ step: 'retire', kid: 'r' }],
    ],
    ['a retiring key without an instant stays', [active, next, key('r', 'retiring')], 89 * DAY, []],
    ['retired keys stay retired', [active, next, key('r', 'retired', { retiringAt: at(0) })], 89 * DAY, []],
    [
      'everything at once, in this order',
      [key('r', 'retiring', { retiringAt: at(0) }), active, next],
      90 * DAY,
      [promote, create, { step: 'retire', kid: 'r' }],
    ],
    ['no active key: no schedule mends that', [next, key('r', 'retiring', { retiringAt: at(0) })], 900 * DAY, []],
    ['no key at all', [], 0, []],
  ])('%s', (_what, keys, seconds, expected) => {
    expect(dueSteps(keys, periods, at(seconds))).toEqual(expected);
  });

  test('a clock that goes backwards takes nothing back and does nothing', () => {
    expect(dueSteps([active, next], periods, at(-DAY))).toEqual([]);
  });
});

describe('nextChange', () => {
  const retiring = key('r', 'retiring', { retiringAt: at(5) });
  const keys = [active, next, retiring, key('d', 'retired')];
  test.each<[string, ScheduledKey, readonly ScheduledKey[], object | null]>([
    ['a next key begins to sign', next, keys, { step: 'promote', at: at(90 * DAY) }],
    ['the active one is replaced at that instant', active, keys, { step: 'replace', at: at(90 * DAY) }],
    ['a retiring one stops verifying', retiring, keys, { step: 'retire', at: at(5 + 90_000) }],
    ['a retiring one of which nobody knows since when', key('x', 'retiring'), keys, null],
    ['nothing happens to a retired one', key('d', 'retired'), keys, null],
    ['nor to one that nothing can follow', active, [active], null],
    ['nor to one that follows nothing', next, [next], null],
  ])('%s', (_what, one, all, expected) => {
    expect(nextChange(one, all, periods)).toEqual(expected);
  });

  test('is the instant at which the step falls due, to the millisecond', () => {
    fc.assert(
      fc.property(anyPeriods, fc.nat(200 * DAY), fc.option(fc.nat(200 * DAY)), (some, published, wanted) => {
        const waiting = key('n', 'next', {
          publishedAt: at(published),
          promoteAt: wanted === null ? null : at(wanted),
        });
        const due = nextChange(waiting, [active, waiting], some)?.at.getTime() ?? 0;
        expect(dueSteps([active, waiting], some, new Date(due - 1))).toEqual([]);
        expect(dueSteps([active, waiting], some, new Date(due))).toEqual([promote, create]);
        expect(due).toBeGreaterThanOrEqual(promotableAt(waiting).getTime());
      }),
    );
  });
});

const anyPeriods = fc.record({
  active: fc.integer({ min: 3_600, max: 200 * DAY }),
  publish: fc.integer({ min: 600, max: 30 * DAY }),
  retain: fc.integer({ min: 86_820, max: 10 * DAY }),
});

interface Life extends ScheduledKey {
  readonly retiredAt: Date | null;
}

/** What the actions do with the steps, in memory. */
class Model {
  keys: Life[] = [{ ...active, retiredAt: null }];
  private made = 0;

  advance(some: typeof periods, now: Date): void {
    for (const step of dueSteps(this.keys, some, now)) {
      if (step.step === 'create') {
        this.keys.push({ ...key(`k${++this.made}`, 'next', { publishedAt: now }), retiredAt: null });
      } else if (step.step === 'retire') {
        this.change(step.kid, { state: 'retired', retiredAt: now });
      } else {
        this.change(step.replaces, { state: 'retiring', retiringAt: now });
        this.change(step.kid, { state: 'active', activatedAt: now, promoteAt: null });
      }
    }
  }

  askForRotation(now: Date): void {
    const waiting = this.of('next')[0];
    if (waiting) this.change(waiting.kid, { promoteAt: now });
  }

  of = (state: string) => this.keys.filter((one) => one.state === state);
  private change(kid: string, what: Partial<Life>): void {
    this.keys = this.keys.map((one) => (one.kid === kid ? { ...one, ...what } : one));
  }
}

describe('however late or often it is asked', () => {
  const events = fc.array(
    fc.record({
      // Mostly minutes, sometimes a worker that was away for months.
      wait: fc.oneof(fc.nat(120), fc.nat(3 * DAY), fc.nat(200 * DAY)),
      rotate: fc.boolean(),
    }),
    { maxLength: 60 },
  );

  test('one key signs, one is next, none signs unpublished or goes before its tokens, and a second call finds nothing', () => {
    fc.assert(
      fc.property(anyPeriods, events, (some, list) => {
        const model = new Model();
        let seconds = 0;
        for (const { wait, rotate } of list) {
          seconds += wait;
          if (rotate) model.askForRotation(at(seconds));
          model.advance(some, at(seconds));
          expect([model.of('active').length, model.of('next').length]).toEqual([1, 1]);
          expect(dueSteps(model.keys, some, at(seconds))).toEqual([]);
        }
        for (const { kid, publishedAt, activatedAt, retiringAt, retiredAt } of model.keys) {
          const waited = (Number(activatedAt) - Number(publishedAt)) / 1_000;
          if (activatedAt !== null && kid !== 'a') expect(waited).toBeGreaterThanOrEqual(600);
          if (retiredAt !== null) {
            expect((Number(retiredAt) - Number(retiringAt)) / 1_000).toBeGreaterThanOrEqual(some.retain);
          }
        }
      }),
    );
  });

  test('asked every hour, no key signs longer than its period and two hours', () => {
    fc.assert(
      fc.property(fc.integer({ min: 15 * DAY, max: 100 * DAY }), (life) => {
        const some = { ...periods, active: life };
        const model = new Model();
        for (let hour = 0; hour < 366 * 24; hour++) model.advance(some, at(hour * 3_600));
        for (const { activatedAt, retiringAt } of model.keys) {
          if (activatedAt === null || retiringAt === null) continue;
          expect((Number(retiringAt) - Number(activatedAt)) / 1_000).toBeLessThanOrEqual(life + 7_200);
        }
        expect(model.keys.length).toBeGreaterThan(366 / (life / DAY) - 1);
      }),
      { numRuns: 10 },
    );
  });
});

test('the periods are the settings', () => {
  expect(
    keyPeriods({
      SIGNING_KEY_ACTIVE_SECONDS: 1,
      SIGNING_KEY_PUBLISH_SECONDS: 2,
      SIGNING_KEY_RETAIN_SECONDS: 3,
    }),
  ).toEqual({ active: 1, publish: 2, retain: 3 });
});
