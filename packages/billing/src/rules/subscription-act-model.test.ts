import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Act, decideAct } from './subscription-act.js';
import { type SubscriptionFacts, type SubscriptionState, stateAt } from './subscription-state.js';

const DAY = 86_400_000;
const START = Date.parse('2027-01-01T00:00:00Z');
const day = (count: number): Date => new Date(START + count * DAY);
const TIMED = ['upgrade', 'downgrade', 'migrate', 'cancel', 'resume'] as const;
const AT_ONCE = ['uncancel', 'suspend', 'reinstate', 'payment_received', 'refunded', 'repaid'] as const;
const KINDS = [...TIMED, 'pause', 'payment_failed', ...AT_ONCE] as const;

function actOf(kind: Act['kind'], at: Date, until: Date | null, graceSeconds: number): Act {
  if (kind === 'payment_failed') return { kind, graceSeconds };
  if (kind === 'pause') return { kind, at, until };
  const timed = TIMED.find((one) => one === kind);
  if (timed !== undefined) return { kind: timed, at };
  return { kind: AT_ONCE.find((one) => one === kind) ?? 'uncancel' };
}

/** What is so today, and nothing else; moved on from day to day. */
class Model {
  today = 0;
  isOver = false;
  endsOn: number | null = null;
  pausesOn: number | null = null;
  resumesOn: number | null = null;
  isPaused = false;
  isHeld = false;
  isRefunded = false;
  daysInDebt: number | null = null;

  constructor(
    private readonly startsOn: number,
    private readonly trialDays: number,
    private readonly graceDays: number,
  ) {}

  nextDay(): void {
    this.today++;
    if (this.daysInDebt !== null) this.daysInDebt++;
    this.takeEffect();
  }

  act(act: Act): void {
    const on = 'at' in act ? (act.at.getTime() - START) / DAY : this.today;
    if (act.kind === 'cancel') this.endsOn = on;
    else if (act.kind === 'uncancel') this.endsOn = null;
    else if (act.kind === 'pause') {
      if (!this.isPaused) this.pausesOn = on;
      this.resumesOn = act.until && (act.until.getTime() - START) / DAY;
    } else if (act.kind === 'resume') {
      this.resumesOn = on;
      if (this.pausesOn !== null && on <= this.pausesOn) this.pausesOn = null;
    } else if (act.kind === 'suspend') this.isHeld = true;
    else if (act.kind === 'reinstate') this.isHeld = this.isRefunded = false;
    else if (act.kind === 'refunded') this.isRefunded = true;
    else if (act.kind === 'repaid') this.isRefunded = false;
    else if (act.kind === 'payment_failed') this.daysInDebt ??= 0;
    else if (act.kind === 'payment_received') this.daysInDebt = null;
    this.takeEffect();
  }

  get state(): SubscriptionState {
    if (this.isOver) return 'canceled';
    if (this.today < this.startsOn) return 'scheduled';
    if (this.isHeld || this.isRefunded || (this.daysInDebt ?? -1) >= this.graceDays) return 'suspended';
    if (this.isPaused) return 'paused';
    if (this.daysInDebt !== null) return 'past_due';
    return this.today < this.startsOn + this.trialDays ? 'trialing' : 'active';
  }

  private takeEffect(): void {
    if (this.today === this.endsOn) this.isOver = true;
    if (this.today === this.pausesOn) {
      this.isPaused = true;
      this.pausesOn = null;
    }
    if (this.isPaused && this.today === this.resumesOn) this.isPaused = false;
  }
}

describe('any acts in any order', () => {
  const ahead = fc.oneof(fc.constant(0), fc.integer({ min: -1, max: 12 }));
  const step = fc.record({
    wait: fc.integer({ min: 0, max: 6 }),
    kind: fc.constantFrom(...KINDS),
    ahead,
    length: fc.option(fc.integer({ min: 0, max: 10 })),
  });
  const life = fc.record({
    start: fc.nat(5),
    trial: fc.nat(10),
    grace: fc.nat(5),
    steps: fc.array(step, { maxLength: 25 }),
  });

  test('lead to the states of a model that only knows today, and asked twice change nothing more', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(life, ({ start, trial, grace, steps }) => {
        const model = new Model(start, trial, grace);
        let known: SubscriptionFacts = {
          start: day(start),
          trialEnd: trial > 0 ? day(start + trial) : null,
          cancelAt: null,
          canceledAt: null,
          pausedFrom: null,
          pausedUntil: null,
          pastDueSince: null,
          graceSeconds: 0,
          suspendedAt: null,
          refundedAt: null,
        };
        for (const { wait, kind, ahead: later, length } of steps) {
          for (let count = 0; count < wait; count++) {
            model.nextDay();
            expect(stateAt(known, day(model.today))).toBe(model.state);
          }
          const now = day(model.today);
          const at = day(model.today + later);
          const until = length === null ? null : day(model.today + later + length);
          const act = actOf(kind, at, until, grace * 86_400);
          const before = known;
          const result = decideAct(known, act, now);
          seen.add(`${stateAt(known, now)} ${result.outcome}`);
          if (result.outcome !== 'allowed') continue;
          known = result.facts;
          model.act(act);
          expect([before, act, stateAt(known, now)]).toEqual([before, act, model.state]);
          const again = decideAct(known, act, now);
          expect(again.outcome === 'allowed' ? again.facts : again.outcome).toEqual(
            again.outcome === 'allowed' ? known : 'unchanged',
          );
        }
      }),
      { numRuns: 1_000 },
    );
    // Everything has happened, but for one thing: nothing is allowed to what is over.
    expect([seen.size, seen.has('canceled allowed')]).toEqual([20, false]);
  });
});
