import type { Price } from '@bastionary/contracts/prices';
import { type Cycle, clip, type Interval, type Period, periodsWithin, type Span } from '../periods.js';
import type { ItemSpan } from './item-spans.js';

/** Time during which something was held or not; null: no end is known. */
export interface OpenSpan {
  readonly from: Date;
  readonly until: Date | null;
}

/** All of a subscription that decides what it owes, without its usage. */
export interface Holding {
  readonly spans: readonly ItemSpan[];
  /** The prices of a plan version in the currency of the customer. */
  readonly pricesOf: (plan: string) => readonly Price[];
  readonly timeZone: string;
  /** From the first paid instant to the end; a trial lies before it. */
  readonly service: OpenSpan;
  readonly pauses: readonly OpenSpan[];
}

/** One price in one of its periods, for one stretch of service: a line of an invoice once it is rated. */
export interface Charge {
  /** The same for all lines that charge or correct it. */
  readonly key: string;
  /** key@version */
  readonly plan: string;
  readonly price: Price;
  /** Of the item; of what is measured the usage counts. */
  readonly quantity: number;
  readonly period: Period;
  readonly service: Span;
  /** From then on it can be billed. */
  readonly due: Date;
}

/**
 * What there is to bill of the periods that end after `since` and begin before `until`, in order of time. In advance it is due
 * when its service begins, in arrears and metered when it is over. A pause takes the time it lasts out of everything but
 * usage, and a change of seats splits all but usage: tiers and free units are those of a period, not of a seat.
 */
export function chargesWithin(holding: Holding, since: Date, until: Date): Charge[] {
  const { spans, pricesOf, service, pauses } = holding;
  const held = spans.filter((span) => pricesOf(span.plan).some((price) => price.meter === undefined));
  const measured = joined(spans.filter((span) => pricesOf(span.plan).some((price) => price.meter !== undefined)));
  const periodsOf = periodsOnce();
  const charges = [
    ...held.flatMap((span) =>
      without(pauses, within(span, service)).flatMap((part) =>
        pricesOf(span.plan)
          .filter((price) => price.meter === undefined)
          .flatMap((price) => chargesOf(holding, span, price, part, since, until, periodsOf)),
      ),
    ),
    ...measured.flatMap((span) =>
      within(span, service).flatMap((part) =>
        pricesOf(span.plan)
          .filter((price) => price.meter !== undefined)
          .flatMap((price) => chargesOf(holding, span, price, part, since, until, periodsOf)),
      ),
    ),
  ];
  return charges.sort(inOrder);
}

function chargesOf(
  { timeZone }: Holding,
  { anchor, plan, quantity }: ItemSpan,
  price: Price,
  part: OpenSpan,
  since: Date,
  until: Date,
  periodsOf: PeriodsOf,
): Charge[] {
  const cycle: Cycle = { anchor, timeZone, interval: intervalOf(price) };
  const start = part.from > since ? part.from : since;
  const end = part.until === null || part.until > until ? until : part.until;
  return periodsOf(cycle, { start, end }).flatMap((period) => {
    const service = clip(period, { start: part.from, end: part.until });
    if (service === null || period.end <= since) return [];
    const key = `${plan}|${price.key}|${period.start.toISOString()}|${service.start.toISOString()}`;
    const due = price.timing === 'in_advance' ? service.start : service.end;
    return [{ key, plan, price, quantity, period, service, due }];
  });
}

type PeriodsOf = (cycle: Cycle, span: Span) => readonly Period[];

/** Periods, worked out once for all prices of a plan that have the same rhythm. */
function periodsOnce(): PeriodsOf {
  const known = new Map<string, Period[]>();
  return (cycle, span) => {
    const { anchor, interval } = cycle;
    const instants = [anchor, span.start, span.end].map((at) => at.getTime());
    const key = [interval.unit, interval.count, ...instants].join(' ');
    const periods = known.get(key) ?? [...periodsWithin(cycle, span)];
    known.set(key, periods);
    return periods;
  };
}

/** The rhythm of a price, which may be another than that of its plan. */
export const intervalOf = ({ interval, interval_count: count }: Price): Interval => ({ unit: interval, count });

/** Usage knows no seats: spans that follow one another in the same version and rhythm are one. */
function joined(spans: readonly ItemSpan[]): ItemSpan[] {
  const result: ItemSpan[] = [];
  for (const span of spans.toSorted((one, other) => one.from.getTime() - other.from.getTime())) {
    const before = result.findIndex(
      ({ plan, anchor, until }) =>
        plan === span.plan && anchor.getTime() === span.anchor.getTime() && until?.getTime() === span.from.getTime(),
    );
    const earlier = result[before];
    if (earlier === undefined) result.push(span);
    else result[before] = { ...earlier, until: span.until };
  }
  return result;
}

function within(span: OpenSpan, bounds: OpenSpan): OpenSpan[] {
  const from = span.from > bounds.from ? span.from : bounds.from;
  const until = earlier(span.until, bounds.until);
  return until !== null && until <= from ? [] : [{ from, until }];
}

/** The parts that no pause touches. */
function without(pauses: readonly OpenSpan[], parts: readonly OpenSpan[]): OpenSpan[] {
  return pauses.reduce<readonly OpenSpan[]>(
    (left, pause) =>
      left.flatMap((part) => [
        ...within(part, { from: part.from, until: pause.from }),
        ...(pause.until === null ? [] : within(part, { from: pause.until, until: null })),
      ]),
    parts,
  ) as OpenSpan[];
}

/** The earlier of two ends; null is none. */
export const earlier = (one: Date | null, other: Date | null): Date | null =>
  one === null || (other !== null && other < one) ? other : one;

const inOrder = (one: Charge, other: Charge): number =>
  one.period.start.getTime() - other.period.start.getTime() ||
  one.service.start.getTime() - other.service.start.getTime() ||
  (one.key < other.key ? -1 : 1);
