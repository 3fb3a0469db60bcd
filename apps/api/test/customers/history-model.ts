import { createHash } from 'node:crypto';

// A slow, obvious model of what a customer may do: nothing but what was done, told anew for every question. It shares no
// code with the platform.

export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Features = Record<string, Value>;

/** Some terms of a subscription, from an instant on; the later word at the same instant wins. */
interface Patch {
  at: number;
  plan?: string;
  quantity?: number;
  extra?: { plan: string; quantity: number } | null;
}

export interface Subscription {
  id: string;
  start: number;
  patches: Patch[];
  pauses: { from: number; until: number | null }[];
  suspended: boolean;
  canceled: number | null;
  cancelAt: number | null;
}

export interface State {
  status: string;
  defaults: Features;
  /** What each plan version grants, by key@version. */
  versions: Record<string, Features>;
  subscriptions: Subscription[];
  overrides: { feature: string; value: Value; expires: number | null }[];
}

interface Held {
  plan: string;
  quantity: number;
  isExtra: boolean;
  source: string;
  began: number;
}

/** Canonical JSON (RFC 8785) of what the tests make: names sorted, numbers and texts as JavaScript writes them. */
function written(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${written(value[name] as Value)}`).join(',')}}`;
}

export const digest = (value: Value): string => createHash('sha256').update(written(value)).digest('base64url');

const instant = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');

export const endOf = ({ canceled, cancelAt }: Subscription): number =>
  Math.min(canceled ?? Number.POSITIVE_INFINITY, cancelAt ?? Number.POSITIVE_INFINITY);

/** What the terms are at an instant, and since when each part of them. */
export function termsAt(one: Subscription, at: number) {
  const parts: { plan?: Held; extra?: Held } = {};
  const wanted = { plan: '', quantity: 1, extra: null as Patch['extra'] };
  // Sorting keeps the order of what was asked for at one instant.
  for (const patch of [...one.patches].sort((a, b) => a.at - b.at)) {
    if (patch.at > at) break;
    Object.assign(wanted, patch);
    const { id: source } = one;
    if (parts.plan?.plan !== wanted.plan || parts.plan.quantity !== wanted.quantity) {
      parts.plan = { plan: wanted.plan, quantity: wanted.quantity, isExtra: false, source, began: patch.at };
    }
    const { extra } = wanted;
    if (!extra) delete parts.extra;
    else if (parts.extra?.plan !== extra.plan || parts.extra.quantity !== extra.quantity) {
      parts.extra = { ...extra, isExtra: true, source, began: patch.at };
    }
  }
  return { ...wanted, held: [parts.plan, parts.extra].filter((part) => part !== undefined) };
}

function heldAt({ subscriptions }: State, at: number): Held[] {
  return subscriptions.flatMap((one) => {
    const isPaused = one.pauses.some(({ from, until }) => from <= at && (until === null || at < until));
    if (at < one.start || at >= endOf(one) || isPaused || one.suspended) return [];
    const resumed = one.pauses.map(({ until }) => until ?? 0).filter((until) => until <= at);
    // What goes on after a pause began anew; before its start nothing began.
    return termsAt(one, at).held.map((part) => ({ ...part, began: Math.max(part.began, one.start, ...resumed) }));
  });
}

/** Every instant at which something could change by itself. */
const instantsOf = ({ subscriptions, overrides }: State): number[] => [
  ...subscriptions.flatMap(({ start, patches, pauses, canceled, cancelAt }) => [
    start,
    ...patches.map(({ at }) => at),
    ...pauses.flatMap(({ from, until }) => [from, until ?? 0]),
    canceled ?? 0,
    cancelAt ?? 0,
  ]),
  ...overrides.map(({ expires }) => expires ?? 0),
];

/** The next instant at which grants or overrides begin or end, as far as is known at `at`. */
export function nextChange(state: State, at: number): number | null {
  const ahead = [...new Set(instantsOf(state))].filter((one) => one > at).sort((a, b) => a - b);
  const isTurn = (one: number) =>
    state.overrides.some(({ expires }) => expires === one) ||
    JSON.stringify(heldAt(state, one)) !== JSON.stringify(heldAt(state, one - 1));
  return ahead.find(isTurn) ?? null;
}

/** The snapshot without epoch and hash. */
export function snapshotAt(customer: string, state: State, at: number): { [key: string]: Value } {
  const held = heldAt(state, at).sort(
    (a, b) => Number(a.isExtra) - Number(b.isExtra) || a.began - b.began || (a.source < b.source ? -1 : 1),
  );
  const features: Features = {};
  for (const [key, fallback] of Object.entries(state.defaults)) {
    const given = held.filter(({ plan }) => key in (state.versions[plan] as Features));
    const values = given.map(({ plan }) => (state.versions[plan] as Features)[key] as Value);
    const exception = state.overrides.find(
      ({ feature, expires }) => feature === key && (expires === null || at < expires),
    );
    if (exception !== undefined) features[key] = exception.value;
    else if (values.length === 0) features[key] = fallback;
    else if (key === 'api') features[key] = values.some((value) => value === true);
    else if (key === 'region') features[key] = values.at(-1) as Value;
    else if (values.includes(null)) features[key] = null;
    else if (key === 'storage') features[key] = Math.max(...(values as number[]));
    else {
      let sum = 0;
      for (const [index, { quantity }] of given.entries()) sum += (values[index] as number) * quantity;
      features[key] = sum;
    }
  }
  const plans = [...new Set(held.map(({ plan }) => plan))].sort();
  const next = nextChange(state, at);
  return { customer, status: state.status, plans, features, valid_until: next === null ? null : instant(next) };
}
