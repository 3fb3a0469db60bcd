import type { Anomaly } from '@bastionary/contracts/invoices';
import type { Cycle, Span } from '../periods.js';
import { anomaliesOf, type Compared } from './anomalies.js';
import { type Charge, chargesWithin, type Holding } from './charges.js';
import { type Billed, difference } from './difference.js';
import { type Discounted, discount, type HeldCoupon, isLive } from './discounts.js';
import { type LineTax, type TaxedLine, totalsOf } from './lines.js';
import { type OwedLine, rateCharges, type Terms, type Usage } from './owed.js';
import { taxed } from './taxes.js';

/** What a draft is about: all that is due by an instant, or what is served in a period as far as it has begun. */
export type Reach =
  | { readonly kind: 'due'; readonly by: Date }
  | { readonly kind: 'period'; readonly period: Span; readonly now: Date };

/** A charge whose invoice was declared void so that it is billed again. */
export interface Reopened {
  readonly key: string;
  readonly periodEnd: Date;
}

export interface Reached {
  readonly charges: readonly Charge[];
  /** What was billed of these, and of charges that are gone, is compared. */
  readonly billed: readonly Billed[];
}

const DAY_MS = 86_400_000;

/**
 * The charges that a draft is about, and what was billed of them before.
 * @param lateDays closed periods that ended longer ago are not looked at again, but for what is reopened
 */
export function reached(
  holding: Holding,
  billed: readonly Billed[],
  reach: Reach,
  lateDays: number,
  reopened: readonly Reopened[] = [],
): Reached {
  const begin = reach.kind === 'due' ? reach.by : reach.period.start;
  const since = reach.kind === 'due' ? new Date(begin.getTime() - lateDays * DAY_MS) : begin;
  const again = new Set(reopened.map(({ key }) => key));
  const counts = (key: string, end: Date): boolean => end > since || again.has(chargeOf(key));
  const considered = billed.filter(({ key, period }) => counts(key, period.end));
  const earliest = Math.min(since.getTime(), ...reopened.map(({ periodEnd }) => periodEnd.getTime() - 1));
  const until = considered.reduce(
    (latest, { period }) => (period.end > latest ? period.end : latest),
    reach.kind === 'due' ? new Date(begin.getTime() + 1) : reach.period.end,
  );
  const all = chargesWithin(holding, new Date(earliest), until).filter(({ key, period }) => counts(key, period.end));
  const charges = all.filter((charge) => isReached(charge, reach));
  const pending = new Set(all.filter((charge) => !charges.includes(charge)).map(({ key }) => key));
  return {
    charges,
    billed: considered.filter(
      ({ key, service }) =>
        !pending.has(chargeOf(key)) && (reach.kind === 'due' || isWithin(service.start, reach.period)),
    ),
  };
}

/** What is missing to a minimum belongs to its charge. */
const chargeOf = (key: string): string => key.replace(/\|minimum$/, '');

function isReached({ due, service }: Charge, reach: Reach): boolean {
  if (reach.kind === 'due') return due <= reach.by;
  const { period, now } = reach;
  return isWithin(service.start, period) && service.start <= (now < period.start ? period.start : now);
}

const isWithin = (at: Date, { start, end }: Span): boolean => start <= at && at < end;

/** How the installation bills. */
export interface DraftRules {
  readonly taxRounding: 'line' | 'document';
  readonly anomalyPercent: number;
}

export interface DraftFacts {
  readonly subscriptionId: string;
  readonly reached: Reached;
  readonly usageOf: (charge: Charge) => Usage;
  readonly terms: Terms;
  readonly coupons: readonly HeldCoupon[];
  /** For the periods of repeating coupons. */
  readonly cycle: Cycle;
  /** The begin of the period it is for. */
  readonly boundary: Date;
  readonly tax: LineTax;
  /** The last document; null: there is none. */
  readonly before: Compared | null;
  readonly now: Date;
}

export interface Draft {
  readonly lines: readonly TaxedLine[];
  readonly uses: Discounted['uses'];
  readonly subtotal: bigint;
  readonly discount: bigint;
  readonly tax: bigint;
  readonly total: bigint;
  readonly anomalies: readonly Anomaly[];
}

/** The draft: what is owed and not billed, less coupons, with tax. The same facts make the same draft. */
export function draftOf(facts: DraftFacts, rules: DraftRules): Draft {
  const { subscriptionId, terms, now } = facts;
  const owed = rateCharges(facts.reached.charges, facts.usageOf, terms, now);
  const due = difference(subscriptionId, owed, facts.reached.billed, terms.currency);
  const live = facts.coupons.filter((coupon) => isLive(coupon, facts.cycle, facts.boundary));
  const { lines: discounted, uses } = discount(due, live, terms.currency);
  const lines = taxed(discounted, facts.tax, rules.taxRounding);
  const totals = totalsOf(lines);
  const compared = { total: totals.total, used: usedIn(owed) };
  const anomalies = lines.length === 0 ? [] : anomaliesOf(compared, facts.before, rules.anomalyPercent, terms.currency);
  return { lines, uses, ...totals, anomalies };
}

/** What was used, by price, of what is rated. */
const usedIn = (owed: readonly OwedLine[]): ReadonlyMap<string, string> =>
  new Map(owed.filter(({ isMetered }) => isMetered).map(({ price, quantity }) => [price, quantity]));
