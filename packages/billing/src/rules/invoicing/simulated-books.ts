import type { Price } from '@bastionary/contracts/prices';
import { nextBoundary } from './boundaries.js';
import type { Holding, OpenSpan } from './charges.js';
import type { Billed } from './difference.js';
import { draftOf, type Reach, reached } from './draft.js';
import type { ItemSpan } from './item-spans.js';
import type { TaxedLine } from './lines.js';
import type { Terms } from './owed.js';

export const at = (text: string): Date => new Date(text.includes('T') ? text : `${text}T00:00:00Z`);
export const price = (some: Partial<Price>): Price => ({
  key: 'base',
  model: 'flat',
  currency: 'EUR',
  interval: 'month',
  interval_count: 1,
  timing: some.meter === undefined ? 'in_advance' : 'in_arrears',
  ...some,
});
export const flat = (amount: string, some: Partial<Price> = {}) => price({ amount, ...some });
export const seats = (unit_amount: string) => price({ key: 'seats', model: 'per_unit', unit_amount });

/** Bills a subscription by the rules alone as the run does, and keeps what was billed: for tests of what they come to. */
export class Books {
  readonly billed: Billed[] = [];
  /** Instants of usage, one unit each. */
  used: Date[] = [];

  constructor(
    readonly holding: Holding,
    readonly terms: Partial<Terms> = {},
  ) {}

  draft(reach: Reach, now: Date): readonly TaxedLine[] {
    const draft = draftOf(
      {
        subscriptionId: 'sub',
        reached: reached(this.holding, merged(this.billed), reach, 92),
        usageOf: ({ service }) => {
          const end = service.end < now ? service.end : now;
          const count = this.used.filter((one) => one >= service.start && one < end).length;
          return { quantity: String(count), events: BigInt(count), watermark: '' };
        },
        terms: {
          currency: 'EUR',
          timeZone: this.holding.timeZone,
          proration: 'second',
          nameOf: (plan) => plan,
          ...this.terms,
        },
        coupons: [],
        cycle: { anchor: this.holding.service.from, timeZone: 'UTC', interval: { unit: 'month', count: 1 } },
        boundary: now,
        tax: { name: null, rate: null, inclusive: false },
        before: null,
        now,
      },
      { taxRounding: 'line', anomalyPercent: 50 },
    );
    return draft.lines;
  }

  bill(by: string, now = by): bigint[] {
    const lines = this.draft({ kind: 'due', by: at(by) }, at(now));
    for (const line of lines) this.billed.push(toBilled(line));
    return lines.map(({ amount }) => amount);
  }
}

export const toBilled = (line: TaxedLine): Billed => ({
  key: line.key ?? '',
  plan: line.plan ?? '',
  price: line.price ?? '',
  description: line.description,
  quantity: line.quantity,
  period: line.period ?? { start: at('2000-01-01'), end: at('2000-01-01') },
  service: line.service ?? { start: at('2000-01-01'), end: at('2000-01-01') },
  amount: line.amount,
  discount: line.discount,
  tax: line.tax,
  invoice: null,
});
export const merged = (lines: readonly Billed[]): Billed[] =>
  [...Map.groupBy(lines, ({ key }) => key).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const end = group.reduce((latest, { service }) => (service.end > latest ? service.end : latest), first.service.end);
    const quantity = String(group.reduce((sum, one) => sum + Number(one.quantity), 0));
    const amount = group.reduce((sum, one) => sum + one.amount, 0n);
    return [{ ...first, amount, quantity, service: { ...first.service, end } }];
  });

export const PLANS: Record<string, readonly Price[]> = {};
let made = 0;
export const plan = (...prices: readonly Price[]): string => {
  const name = `plan${++made}@1`;
  PLANS[name] = prices;
  return name;
};
export type Held = [plan: string, from: string, until?: string | null, quantity?: number];
export function holds(anchor: string, held: readonly Held[], some: Partial<Holding> = {}): Holding {
  const spans = held.map(
    ([name, from, until = null, quantity = 1]): ItemSpan => ({
      kind: 'plan',
      plan: name,
      quantity,
      anchor: at(anchor),
      from: at(from),
      until: until === null ? null : at(until),
    }),
  );
  const service: OpenSpan = { from: at(held[0]?.[1] ?? anchor), until: null };
  return { spans, pricesOf: (name) => PLANS[name] ?? [], timeZone: 'UTC', service, pauses: [], ...some };
}
export const ended = (from: string, until: string) => ({ service: { from: at(from), until: at(until) } });
export const boundaries = (holding: Holding, count: number): string[] => {
  const found: string[] = [];
  for (let after: Date | null = null; found.length < count; ) {
    after = nextBoundary(holding, after);
    if (after === null) break;
    found.push(after.toISOString().slice(0, 10));
  }
  return found;
};
