import type { AuditRecord } from '@bastionary/contracts/audit';
import type { Subscription } from '@bastionary/contracts/plans';
import { expect, test } from '@jest/globals';
import { timelineOf } from './timeline';

const NOW = new Date('2027-03-10T12:00:00Z');

const subscription = (some: Partial<Subscription> = {}): Subscription => ({
  id: 'sub_1',
  customer_id: 'cus_1',
  state: 'active',
  plan: 'pro@1',
  quantity: 1,
  items: [{ plan: 'pro@1', kind: 'plan', quantity: 1, since: some.start ?? '2027-01-01T00:00:00Z' }],
  start: '2027-01-01T00:00:00Z',
  trial_end: null,
  current_period: { start: '2027-03-01T00:00:00Z', end: '2027-04-01T00:00:00Z' },
  cancel_at: null,
  canceled_at: null,
  past_due_since: null,
  grace_until: null,
  suspended_at: null,
  refunded_at: null,
  paused_from: null,
  paused_until: null,
  scheduled: [],
  created_at: '2027-01-01T00:00:00Z',
  updated_at: '2027-01-01T00:00:00Z',
  ...some,
});

let seq = 0;
const record = (at: string, action: string, detail: AuditRecord['detail'] = {}): AuditRecord => ({
  seq: String(++seq),
  at,
  actor: 'operator:ada',
  action,
  target: 'subscription:sub_1',
  request_id: null,
  address: null,
  detail,
  sealed: null,
});

const told = (one: Subscription, records: AuditRecord[] | null = null) =>
  timelineOf(one, records, NOW).map(
    ({ at, isPast, title, lines }) => `${isPast ? '<' : '>'} ${at.slice(0, 10)} ${[title, ...lines].join(': ')}`,
  );

test('what is known without the audit log: its start, what changed since, and the end of the period', () => {
  const items = [
    { plan: 'pro@1', kind: 'plan' as const, quantity: 1, since: '2027-01-01T00:00:00Z' },
    { plan: 'extra@1', kind: 'add_on' as const, quantity: 2, since: '2027-02-03T00:00:00Z' },
  ];
  expect(told(subscription({ items }))).toEqual([
    '< 2027-01-01 Started',
    '< 2027-02-03 Changed: extra@1 × 2',
    '> 2027-04-01 Period ends, the next begins',
  ]);
});

test('a trial ends as its period does, and is told once; a start to come was created before', () => {
  const period = { start: '2027-03-01T00:00:00Z', end: '2027-03-15T00:00:00Z' };
  expect(told(subscription({ trial_end: period.end, current_period: period, start: period.start }))).toEqual([
    '< 2027-01-01 Created',
    '< 2027-03-01 Started',
    '> 2027-03-15 Trial ends',
  ]);
  expect(told(subscription({ start: '2027-05-01T00:00:00Z', current_period: null }))).toEqual([
    '< 2027-01-01 Created',
    '> 2027-05-01 Starts',
  ]);
});

test('changes, pauses and the end to come, in order; at one instant the boundary first', () => {
  const end = '2027-04-01T00:00:00Z';
  expect(
    told(
      subscription({
        scheduled: [
          { id: 'sch_1', at: end, change: { plan: 'free@2', quantity: 3, add_ons: [] } },
          { id: 'sch_2', at: '2027-03-20T00:00:00Z', change: { quantity: 5 } },
        ],
        paused_from: '2027-06-01T00:00:00Z',
        paused_until: '2027-07-01T00:00:00Z',
        cancel_at: '2027-08-01T00:00:00Z',
      }),
    ).slice(1),
  ).toEqual([
    '> 2027-03-20 Changes: Quantity 5',
    '> 2027-04-01 Period ends, the next begins',
    '> 2027-04-01 Changes: Plan free@2: Quantity 3: Add-ons none',
    '> 2027-06-01 Pause begins',
    '> 2027-07-01 Goes on after the pause',
    '> 2027-08-01 Ends',
  ]);
});

test('the audit log tells what was done; what the subscription tells itself is not told twice', () => {
  const records = [
    record('2027-01-01T00:00:00Z', 'subscription.created', { plan: 'free@1' }),
    record('2027-01-20T00:00:00Z', 'subscription.updated', {
      plan: { from: 'free@1', to: 'pro@1' },
      add_ons: { from: [], to: [{ plan: 'extra@1', quantity: 2 }] },
    }),
    record('2027-02-01T00:00:00Z', 'subscription.updated', {
      scheduled: 'sch_1',
      at: '2027-02-20T00:00:00Z',
      quantity: { from: 1, to: 4 },
    }),
    record('2027-02-20T00:00:09Z', 'subscription.changed', {
      at: '2027-02-20T00:00:00Z',
      quantity: { from: 1, to: 4 },
    }),
    record('2027-02-21T00:00:00Z', 'subscription.paused', {}),
    record('2027-02-22T00:00:00Z', 'subscription.resumed', {}),
    record('2027-02-23T00:00:00Z', 'subscription.updated', { cancel_at: { from: null, to: '2027-04-01T00:00:00Z' } }),
    record('2027-03-01T00:00:00Z', 'subscription.canceled', {}),
  ];
  const ended = subscription({ state: 'canceled', canceled_at: '2027-03-01T00:00:00Z', current_period: null });
  expect(told(ended, records)).toEqual([
    '< 2027-01-01 Started',
    '< 2027-01-20 Changed: Plan free@1 → pro@1: Add-ons none → extra@1 × 2',
    '< 2027-02-01 A change was arranged: Quantity 1 → 4',
    '< 2027-02-20 Changed: Quantity 1 → 4',
    '< 2027-02-21 Paused',
    '< 2027-02-22 Resumed',
    '< 2027-02-23 The end was arranged',
    '< 2027-03-01 Ended',
  ]);
  expect(timelineOf(ended, records, NOW).map(({ actor }) => actor)).toEqual(records.map(({ actor }) => actor));
});
