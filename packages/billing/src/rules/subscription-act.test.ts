import { describe, expect, test } from '@jest/globals';
import { type Act, decideAct } from './subscription-act.js';
import { type SubscriptionFacts, stateAt } from './subscription-state.js';

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

const STATES = {
  scheduled: facts({ start: day(90) }),
  trialing: facts({ trialEnd: day(60) }),
  active: facts(),
  past_due: facts({ pastDueSince: day(49) }),
  paused: facts({ pausedFrom: day(40), pausedUntil: day(80) }),
  suspended: facts({ suspendedAt: day(45) }),
  in_debt: facts({ pastDueSince: day(30) }),
  canceled: facts({ canceledAt: day(45) }),
  ending: facts({ cancelAt: day(60) }),
};
const ACTS: Record<string, Act> = {
  upgrade: { kind: 'upgrade', at: NOW },
  downgrade: { kind: 'downgrade', at: NOW },
  migrate: { kind: 'migrate', at: NOW },
  'upgrade later': { kind: 'upgrade', at: day(70) },
  cancel: { kind: 'cancel', at: NOW },
  'cancel later': { kind: 'cancel', at: day(60) },
  uncancel: { kind: 'uncancel' },
  pause: { kind: 'pause', at: NOW, until: null },
  'pause later': { kind: 'pause', at: day(70), until: day(75) },
  resume: { kind: 'resume', at: NOW },
  suspend: { kind: 'suspend' },
  reinstate: { kind: 'reinstate' },
  'payment failed': { kind: 'payment_failed', graceSeconds: 7 * 86_400 },
  'payment received': { kind: 'payment_received' },
};

const says = (given: SubscriptionFacts, act: Act): string => {
  const result = decideAct(given, act, NOW);
  if (result.outcome === 'allowed') return stateAt(result.facts, NOW);
  return result.outcome === 'refused' ? `no: ${result.code}` : '=';
};

/** For each state: the state after the act; `=` if it is so already; `no:` and the code of the refusal. */
const MATRIX: Record<keyof typeof STATES, Record<string, string>> = {
  scheduled: {
    upgrade: 'scheduled',
    downgrade: 'scheduled',
    migrate: 'scheduled',
    'upgrade later': 'scheduled',
    cancel: 'canceled',
    'cancel later': 'scheduled',
    uncancel: '=',
    pause: 'no: not_started',
    'pause later': 'no: not_started',
    resume: '=',
    suspend: 'scheduled',
    reinstate: '=',
    'payment failed': 'scheduled',
    'payment received': '=',
  },
  trialing: {
    upgrade: 'trialing',
    downgrade: 'trialing',
    migrate: 'trialing',
    'upgrade later': 'trialing',
    cancel: 'canceled',
    'cancel later': 'trialing',
    uncancel: '=',
    pause: 'no: trialing',
    'pause later': 'trialing',
    resume: '=',
    suspend: 'suspended',
    reinstate: '=',
    'payment failed': 'past_due',
    'payment received': '=',
  },
  active: {
    upgrade: 'active',
    downgrade: 'active',
    migrate: 'active',
    'upgrade later': 'active',
    cancel: 'canceled',
    'cancel later': 'active',
    uncancel: '=',
    pause: 'paused',
    'pause later': 'active',
    resume: '=',
    suspend: 'suspended',
    reinstate: '=',
    'payment failed': 'past_due',
    'payment received': '=',
  },
  past_due: {
    upgrade: 'no: payment_due',
    downgrade: 'past_due',
    migrate: 'past_due',
    'upgrade later': 'no: payment_due',
    cancel: 'canceled',
    'cancel later': 'past_due',
    uncancel: '=',
    pause: 'no: payment_due',
    'pause later': 'no: payment_due',
    resume: '=',
    suspend: 'suspended',
    reinstate: '=',
    'payment failed': '=',
    'payment received': 'active',
  },
  paused: {
    upgrade: 'no: paused',
    downgrade: 'no: paused',
    migrate: 'paused',
    'upgrade later': 'no: paused',
    cancel: 'canceled',
    'cancel later': 'paused',
    uncancel: '=',
    pause: 'paused',
    'pause later': 'paused',
    resume: 'active',
    suspend: 'suspended',
    reinstate: '=',
    'payment failed': 'paused',
    'payment received': '=',
  },
  suspended: {
    upgrade: 'no: suspended',
    downgrade: 'no: suspended',
    migrate: 'suspended',
    'upgrade later': 'no: suspended',
    cancel: 'canceled',
    'cancel later': 'suspended',
    uncancel: '=',
    pause: 'no: suspended',
    'pause later': 'no: suspended',
    resume: '=',
    suspend: '=',
    reinstate: 'active',
    'payment failed': 'suspended',
    'payment received': '=',
  },
  in_debt: {
    upgrade: 'no: payment_due',
    downgrade: 'no: payment_due',
    migrate: 'suspended',
    'upgrade later': 'no: payment_due',
    cancel: 'canceled',
    'cancel later': 'suspended',
    uncancel: '=',
    pause: 'no: payment_due',
    'pause later': 'no: payment_due',
    resume: '=',
    suspend: 'suspended',
    reinstate: 'no: payment_due',
    'payment failed': '=',
    'payment received': 'active',
  },
  canceled: {
    upgrade: 'no: subscription_canceled',
    downgrade: 'no: subscription_canceled',
    migrate: 'no: subscription_canceled',
    'upgrade later': 'no: subscription_canceled',
    cancel: '=',
    'cancel later': '=',
    uncancel: 'no: subscription_canceled',
    pause: 'no: subscription_canceled',
    'pause later': 'no: subscription_canceled',
    resume: 'no: subscription_canceled',
    suspend: 'no: subscription_canceled',
    reinstate: 'no: subscription_canceled',
    'payment failed': '=',
    'payment received': '=',
  },
  ending: {
    upgrade: 'active',
    downgrade: 'active',
    migrate: 'active',
    'upgrade later': 'no: ends_before',
    cancel: 'canceled',
    'cancel later': '=',
    uncancel: 'active',
    pause: 'paused',
    'pause later': 'no: ends_before',
    resume: '=',
    suspend: 'suspended',
    reinstate: '=',
    'payment failed': 'past_due',
    'payment received': '=',
  },
};

describe('every act in every state', () => {
  const cells = Object.entries(MATRIX).flatMap(([state, row]) =>
    Object.keys(ACTS).map((act) => [state as keyof typeof STATES, act, row[act]] as const),
  );
  test.each(cells)('%s, %s: %s', (state, act, expected) => {
    expect(says(STATES[state], ACTS[act] as Act)).toBe(expected);
  });
});
