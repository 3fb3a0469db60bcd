import type { AuditRecord } from '@bastionary/contracts/audit';
import type { Subscription } from '@bastionary/contracts/plans';
import { addOnWords, type Terms } from './terms';

export type TimelineEntry = {
  key: string;
  at: string;
  kind: 'start' | 'trial' | 'period' | 'change' | 'pause' | 'end';
  isPast: boolean;
  title: string;
  /** What changed, a line each. */
  lines: string[];
  /** As the audit log names who did it. */
  actor?: string;
  /** Of a change that can still be withdrawn. */
  changeId?: string;
};

type Change = Partial<Terms>;

/** `Plan pro@2`, `Quantity 5`, `Add-ons extra@1 × 2` */
export const changeLines = ({ plan, quantity, add_ons: addOns }: Change): string[] => [
  ...(plan === undefined ? [] : [`Plan ${plan}`]),
  ...(quantity === undefined ? [] : [`Quantity ${quantity.toLocaleString()}`]),
  ...(addOns === undefined ? [] : [`Add-ons ${addOnList(addOns)}`]),
];

const addOnList = (addOns: Terms['add_ons']) => (addOns.length === 0 ? 'none' : addOns.map(addOnWords).join(', '));

/**
 * The life of a subscription in order of time: what is known from itself, and of what was changed the audit records, where
 * the reader may see them.
 * @param records of this subscription; null if they are not to be seen
 */
export const timelineOf = (
  subscription: Subscription,
  records: readonly AuditRecord[] | null,
  now: Date,
): TimelineEntry[] => {
  const isPast = (at: string) => Date.parse(at) <= now.getTime();
  const facts = factsOf(subscription, isPast, (action) => records?.find((one) => one.action === action)?.actor);
  const past = records === null ? withoutRecords(subscription, isPast) : records.flatMap(entryOfRecord);
  return [...facts, ...past]
    .map((entry) => ({ ...entry, isPast: isPast(entry.at) }))
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at) || rank(one) - rank(other));
};

type Entry = Omit<TimelineEntry, 'isPast'>;

// Of two things at one instant the boundary comes first, then what it brings.
const RANKS: TimelineEntry['kind'][] = ['start', 'trial', 'period', 'change', 'pause', 'end'];
const rank = ({ kind }: Entry) => RANKS.indexOf(kind);

const factsOf = (
  { created_at, start, trial_end, current_period, cancel_at, canceled_at, scheduled, ...pause }: Subscription,
  isPast: (at: string) => boolean,
  actorOf: (action: string) => string | undefined,
): Entry[] => {
  const end = canceled_at ?? cancel_at;
  const entry = (kind: Entry['kind'], at: string, title: string, actor?: string): Entry => ({
    key: `${kind} ${title}`,
    kind,
    at,
    title,
    lines: [],
    ...(actor !== undefined && { actor }),
  });
  const creator = actorOf('subscription.created');
  const started = isPast(start) ? 'Started' : 'Starts';
  const periodEnd = current_period?.end ?? null;
  const isPeriodTold = periodEnd === null || periodEnd === trial_end || periodEnd === end;
  return [
    ...(created_at === start
      ? [entry('start', start, started, creator)]
      : [entry('start', created_at, 'Created', creator), entry('start', start, started)]),
    ...(trial_end === null ? [] : [entry('trial', trial_end, isPast(trial_end) ? 'Trial ended' : 'Trial ends')]),
    ...(isPeriodTold || periodEnd === null ? [] : [entry('period', periodEnd, 'Period ends, the next begins')]),
    ...scheduled.map(({ id, at, change }) => ({
      ...entry('change', at, 'Changes'),
      lines: changeLines(change as Change),
      key: id,
      changeId: id,
    })),
    ...(pause.paused_from === null || isPast(pause.paused_from)
      ? []
      : [entry('pause', pause.paused_from, 'Pause begins')]),
    ...(pause.paused_until === null || isPast(pause.paused_until)
      ? []
      : [entry('pause', pause.paused_until, 'Goes on after the pause')]),
    ...(end === null
      ? []
      : [isPast(end) ? entry('end', end, 'Ended', actorOf('subscription.canceled')) : entry('end', end, 'Ends')]),
  ];
};

// Who may not see the audit log still sees what the subscription says of its past.
const withoutRecords = ({ items, start, paused_from }: Subscription, isPast: (at: string) => boolean): Entry[] => [
  ...items
    .filter(({ since }) => since !== start)
    .map(({ plan, quantity, since }) => ({
      key: `item ${plan}`,
      kind: 'change' as const,
      at: since,
      title: 'Changed',
      lines: [addOnWords({ plan, quantity })],
    })),
  ...(paused_from === null || !isPast(paused_from)
    ? []
    : [{ key: 'paused', kind: 'pause' as const, at: paused_from, title: 'Paused', lines: [] }]),
];

const PAUSES: Record<string, string> = {
  'subscription.paused': 'Paused',
  'subscription.resumed': 'Resumed',
  'subscription.suspended': 'Suspended',
};

// Start, trial and end stand there as facts already.
const TOLD = ['subscription.created', 'subscription.started', 'subscription.trial_ended', 'subscription.canceled'];

const entryOfRecord = ({ seq, at, action, actor, detail }: AuditRecord): Entry[] => {
  if (TOLD.includes(action)) return [];
  const effective = action === 'subscription.changed' && typeof detail.at === 'string' ? detail.at : at;
  return [
    {
      key: seq,
      at: effective,
      kind: action in PAUSES ? 'pause' : 'change',
      title: PAUSES[action] ?? titleOf(detail),
      lines: detailLines(detail),
      actor,
    },
  ];
};

const titleOf = (detail: AuditRecord['detail']) => {
  if ('withdrawn' in detail) return 'A change was withdrawn';
  if ('scheduled' in detail) return 'A change was arranged';
  if (isTurn(detail.cancel_at)) return detail.cancel_at.to === null ? 'The end was taken back' : 'The end was arranged';
  if (isTurn(detail.paused_from) || isTurn(detail.paused_until)) return 'A pause was arranged';
  return 'Changed';
};

const isTurn = (value: unknown): value is { from: unknown; to: unknown } =>
  typeof value === 'object' && value !== null && 'from' in value && 'to' in value;

const detailLines = (detail: AuditRecord['detail']): string[] => {
  const turn = (name: string, label: string, words: (value: never) => string) => {
    const value = detail[name];
    return isTurn(value) ? [`${label} ${words(value.from as never)} → ${words(value.to as never)}`] : [];
  };
  return [
    ...turn('plan', 'Plan', (plan: string) => plan),
    ...turn('quantity', 'Quantity', (quantity: number) => quantity.toLocaleString()),
    ...turn('add_ons', 'Add-ons', addOnList),
    ...turn('state', 'State', (state: string) => state.replaceAll('_', ' ')),
  ];
};
