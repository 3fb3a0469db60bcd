import type { LineExplanation } from '@bastionary/contracts/invoices';
import type { Price } from '@bastionary/contracts/prices';
import { toInstant } from '@bastionary/contracts/text';
import type { Span } from '../periods.js';
import { shareByDay, shareByTime } from '../proration.js';
import { explainRating, grouped } from '../rating/explain-rating.js';
import { minimumShortfall } from '../rating/minimum-shortfall.js';
import { Exact, roundMinor, toMajor } from '../rating/money.js';
import { ratePrice } from '../rating/rate-price.js';
import type { Rated } from '../rating/rated.js';
import { sharePart } from '../rating/share-part.js';
import type { Share } from '../share.js';
import type { Charge } from './charges.js';

/** What was used in a stretch of service. */
export interface Usage {
  readonly quantity: string;
  readonly events: bigint;
  /** What was known when it was read: events that came later are not in it. */
  readonly watermark: string;
}

/** How shares and texts are made. */
export interface Terms {
  readonly currency: string;
  readonly timeZone: string;
  readonly proration: 'second' | 'day';
  /** The name of a plan version on documents. */
  readonly nameOf: (plan: string) => string;
}

/** A charge, rated. */
export interface OwedLine {
  readonly key: string;
  readonly kind: 'charge' | 'minimum';
  readonly isMetered: boolean;
  readonly plan: string;
  readonly price: string;
  readonly description: string;
  readonly quantity: string;
  readonly period: Span;
  readonly service: Span;
  readonly amount: bigint;
  readonly explanation: LineExplanation;
}

/** Of which stretch the usage counts: that of the service, as far as it has passed. */
export const usageSpan = ({ service }: Charge, now: Date): Span => ({
  start: service.start,
  end: service.end < now ? service.end : now < service.start ? service.start : now,
});

/**
 * What charges come to. What is measured is rated for what was used so far; all else is the share of the nominal period that was
 * served, or is to be. What is missing to a minimum is a line of its own, and only once the service is over.
 * @param usageOf what was used in `usageSpan` of a metered charge
 */
export function rateCharges(
  charges: readonly Charge[],
  usageOf: (charge: Charge) => Usage,
  terms: Terms,
  now: Date,
): OwedLine[] {
  return charges.flatMap((charge) => {
    const line =
      charge.price.meter === undefined ? rateHeld(charge, terms) : rateUsed(charge, usageOf(charge), terms, now);
    const minimum = charge.service.end <= now ? minimumOf(charge, line.explanation.exact, terms) : [];
    return [line, ...minimum];
  });
}

interface HeldPrice {
  readonly rated: Rated;
  readonly text: string;
}
const heldPrices = new WeakMap<Price, Map<string, HeldPrice>>();

/** What a price comes to for a quantity held, in words too: the same for all who hold as many, so worked out once. */
function heldPrice(price: Price, quantity: string, currency: string): HeldPrice {
  const known = heldPrices.get(price) ?? new Map<string, HeldPrice>();
  heldPrices.set(price, known);
  const key = `${quantity} ${currency}`;
  let held = known.get(key);
  if (held === undefined) {
    const rated = ratePrice(price, quantity);
    held = { rated, text: explainRating(rated, currency) };
    known.set(key, held);
  }
  return held;
}

function rateHeld(charge: Charge, terms: Terms): OwedLine {
  const { price, quantity, service } = charge;
  const { rated, text: words } = heldPrice(price, String(quantity), terms.currency);
  const share = shareOf(charge, terms);
  const isWhole = share.numerator === share.denominator;
  const exact = isWhole ? rated.exact : sharePart(rated.exact, share).toFixed();
  const amount = roundMinor(exact);
  const text = isWhole ? words : `${words}; ${shareWords(share, terms)}: ${grouped(toMajor(amount, terms.currency))}`;
  return {
    ...base(charge, terms),
    kind: 'charge',
    quantity: String(quantity),
    service,
    amount,
    explanation: {
      text,
      steps: stepsOf(rated),
      ...(!isWhole && {
        share: {
          numerator: share.numerator.toString(),
          denominator: share.denominator.toString(),
          unit: terms.proration === 'day' ? ('days' as const) : ('milliseconds' as const),
        },
      }),
      exact,
      rounded: amount.toString(),
    },
  };
}

function rateUsed(charge: Charge, usage: Usage, terms: Terms, now: Date): OwedLine {
  const rated = ratePrice(charge.price, usage.quantity, { events: usage.events });
  const span = usageSpan(charge, now);
  const amount = roundMinor(rated.exact);
  return {
    ...base(charge, terms),
    kind: 'charge',
    quantity: new Exact(usage.quantity).toFixed(),
    service: span,
    amount,
    explanation: {
      text: `${usage.events === 1n ? '1 event' : `${grouped(usage.events.toString())} events`}, ${grouped(usage.quantity)} used: ${explainRating(rated, terms.currency)}`,
      usage: {
        meter: charge.price.meter ?? '',
        from: toInstant(span.start),
        to: toInstant(span.end),
        events: usage.events.toString(),
        quantity: usage.quantity,
        watermark: usage.watermark,
      },
      steps: stepsOf(rated),
      exact: rated.exact,
      rounded: amount.toString(),
    },
  };
}

function minimumOf(charge: Charge, exact: string, terms: Terms): OwedLine[] {
  if (charge.price.minimum === undefined) return [];
  const rated = minimumShortfall(charge.price, exact, shareOf(charge, terms));
  const amount = roundMinor(rated.exact);
  const line = base(charge, terms);
  return [
    {
      ...line,
      key: `${charge.key}|minimum`,
      kind: 'minimum',
      isMetered: false,
      description: `${line.description}, up to the minimum`,
      quantity: '1',
      service: charge.service,
      amount,
      explanation: {
        text: explainRating(rated, terms.currency),
        steps: stepsOf(rated),
        exact: rated.exact,
        rounded: amount.toString(),
      },
    },
  ];
}

const base = ({ key, plan, price, period }: Charge, { nameOf }: Terms) => ({
  key,
  isMetered: price.meter !== undefined,
  plan,
  price: price.key,
  description: `${nameOf(plan)}: ${price.key}`,
  period: { start: period.start, end: period.end },
});

const stepsOf = ({ steps }: Rated): LineExplanation['steps'] => steps.map((step) => ({ ...step }));

const shareOf = ({ period, service }: Charge, { proration, timeZone }: Terms): Share =>
  proration === 'day' ? shareByDay(period, service, timeZone) : shareByTime(period, service);

function shareWords({ numerator, denominator }: Share, { proration }: Terms): string {
  if (proration === 'day') return `${numerator} of ${denominator} days`;
  const hours = (ms: bigint): string => grouped(new Exact(ms.toString()).div(3_600_000).toDecimalPlaces(2).toFixed());
  return `${hours(numerator)} of ${hours(denominator)} hours`;
}
