import { describe, expect, test } from '@jest/globals';
import { type Act, decideAct } from './subscription-act.js';
import type { SubscriptionFacts } from './subscription-state.js';

const DAY = 86_400_000;
const START = Date.parse('2027-01-01T00:00:00Z');
const day = (count: number): Date => new Date(START + count * DAY);
const NOW = day(50);

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

describe('when it takes effect', () => {
  const END = day(60);
  const trialing = facts({ trialEnd: END });
  const active = facts();
  const paused = facts({ pausedFrom: day(40), pausedUntil: day(80) });
  const ending = facts({ cancelAt: END });
  test.each<[string, SubscriptionFacts, Act, object]>([
    ['cancel now', active, { kind: 'cancel', at: NOW }, { canceledAt: NOW, cancelAt: null }],
    ['cancel now, instead of later', ending, { kind: 'cancel', at: NOW }, { canceledAt: NOW, cancelAt: null }],
    ['cancel at the end of the period', active, { kind: 'cancel', at: END }, { cancelAt: END }],
    ['cancel later than first asked for', ending, { kind: 'cancel', at: day(61) }, { cancelAt: day(61) }],
    ['take back the end', ending, { kind: 'uncancel' }, { cancelAt: null }],
    [
      'pause from the end of the trial',
      trialing,
      { kind: 'pause', at: END, until: null },
      { pausedFrom: END, pausedUntil: null },
    ],
    ['pause for longer', paused, { kind: 'pause', at: NOW, until: day(99) }, { pausedUntil: day(99) }],
    [
      'another pause instead of one that has not begun',
      facts({ pausedFrom: day(60), pausedUntil: day(70) }),
      { kind: 'pause', at: day(65), until: day(66) },
      { pausedFrom: day(65), pausedUntil: day(66) },
    ],
    [
      'another pause after one that is over',
      facts({ pausedFrom: day(10), pausedUntil: day(20) }),
      { kind: 'pause', at: NOW, until: null },
      { pausedFrom: NOW, pausedUntil: null },
    ],
    ['resume now', paused, { kind: 'resume', at: NOW }, { pausedUntil: NOW }],
    ['resume later', facts({ pausedFrom: day(40) }), { kind: 'resume', at: END }, { pausedUntil: END }],
    [
      'resume before the pause begins: there is none',
      facts({ pausedFrom: day(60) }),
      { kind: 'resume', at: NOW },
      { pausedFrom: null, pausedUntil: null },
    ],
    [
      'resume at the instant at which the pause would begin',
      facts({ pausedFrom: day(60) }),
      { kind: 'resume', at: day(60) },
      { pausedFrom: null, pausedUntil: null },
    ],
    ['upgrade after the pause', paused, { kind: 'upgrade', at: day(80) }, {}],
  ])('%s', (_what, given, act, change) => {
    expect(decideAct(given, act, NOW)).toEqual({ outcome: 'allowed', facts: { ...given, ...change } });
  });

  test.each<[string, SubscriptionFacts, Act]>([
    ['the pause that is', paused, { kind: 'pause', at: NOW, until: day(80) }],
    ['the pause that will be', facts({ pausedFrom: END }), { kind: 'pause', at: END, until: null }],
    ['the end of the pause', paused, { kind: 'resume', at: day(80) }],
    ['the end', ending, { kind: 'cancel', at: END }],
  ])('asked for again, unchanged: %s', (_what, given, act) => {
    expect(decideAct(given, act, NOW)).toEqual({ outcome: 'unchanged' });
  });

  test.each<[string, SubscriptionFacts, Act, string, string]>([
    [
      'the past',
      active,
      { kind: 'cancel', at: day(49) },
      'in_the_past',
      'It cannot take effect in the past: name a later time.',
    ],
    [
      'a pause that ends as it begins',
      active,
      { kind: 'pause', at: END, until: END },
      'empty_pause',
      'A pause must end after it begins.',
    ],
    [
      'a second pause after the one under way',
      paused,
      { kind: 'pause', at: day(80), until: null },
      'paused',
      'It is paused until 2027-03-22T00:00:00.000Z: resume it, or pause it for longer.',
    ],
    [
      'a change at the very end',
      ending,
      { kind: 'downgrade', at: END },
      'ends_before',
      'It ends at 2027-03-02T00:00:00.000Z, before that: take back the end first.',
    ],
    [
      'to resume after the end',
      facts({ pausedFrom: day(40), cancelAt: END }),
      { kind: 'resume', at: END },
      'ends_before',
      'It ends at 2027-03-02T00:00:00.000Z, before that: take back the end first.',
    ],
    [
      'a pause while a payment is due, also where one was to begin anyway',
      facts({ pausedFrom: day(51), pastDueSince: day(49) }),
      { kind: 'pause', at: day(52), until: null },
      'payment_due',
      'A payment is due: it must be received first.',
    ],
    [
      'to lift a suspension while a debt would bring it back',
      facts({ suspendedAt: day(45), pastDueSince: day(30) }),
      { kind: 'reinstate' },
      'payment_due',
      'A payment is due: it must be received first.',
    ],
  ])('refused: %s', (_what, given, act, code, reason) => {
    expect(decideAct(given, act, NOW)).toEqual({ outcome: 'refused', code, reason });
  });
});
