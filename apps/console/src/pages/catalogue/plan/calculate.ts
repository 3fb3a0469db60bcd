import { explainRating } from '@bastionary/billing/rules/rating/explain-rating';
import { minimumShortfall } from '@bastionary/billing/rules/rating/minimum-shortfall';
import { Exact, roundMinor } from '@bastionary/billing/rules/rating/money';
import { ratePrice } from '@bastionary/billing/rules/rating/rate-price';
import type { Price } from '@bastionary/contracts/prices';

/** What is asked: how many of each thing that prices count. Decimal texts, by `countedBy`. */
export type Quantities = Readonly<Record<string, string>>;

/** The seats of the subscription; meters are counted by their own name. */
export const SEATS = '';

/** What a price counts; a flat one counts nothing. */
export const countedBy = ({ model, meter }: Price): string | undefined =>
  model === 'flat' ? undefined : (meter ?? SEATS);

/** Events are asked for apart from the sum, where a price takes something for each of them. */
export const eventsOf = (meter: string): string => `${meter} events`;

export type CalculatedLine = { price: Price; amount: bigint; explanation: string };

/** A line of an invoice for a whole period, as it would be rated. */
export const calculateLine = (price: Price, quantities: Quantities): CalculatedLine => {
  const counted = countedBy(price);
  const quantity = counted === undefined ? '0' : (quantities[counted] ?? '0');
  const events = BigInt(quantities[eventsOf(price.meter ?? '')] ?? '0');
  const rated = ratePrice(price, quantity, { events });
  const missing = minimumShortfall(price, rated.exact);
  const explanation = [rated, ...(missing.steps.length > 0 ? [missing] : [])]
    .map((one) => explainRating(one, price.currency))
    .join('; ');
  // Two lines of the invoice: what was used, and what is missing to the minimum. Each is rounded by itself.
  return { price, amount: roundMinor(rated.exact) + roundMinor(missing.exact), explanation };
};

/** What is paid together: prices of one rhythm. */
export type Total = { every: string; amount: bigint };

export const totals = (lines: readonly CalculatedLine[]): Total[] =>
  [
    ...Map.groupBy(lines, ({ price: { interval, interval_count: count } }) =>
      count === 1 ? `per ${interval}` : `every ${count} ${interval}s`,
    ),
  ].map(([every, group]) => ({ every, amount: group.reduce((sum, { amount }) => sum + amount, 0n) }));

/** Where curves are drawn: only there a number is a number. In units of the currency. */
export type Point = { quantity: number; total: number; average: number | null };

const POINTS = 48;

/** What the price comes to from nothing up to `most`, and what a unit costs on average. @param scale minor units in one of the currency */
export const curve = (price: Price, most: string, quantities: Quantities, scale: number): Point[] => {
  const counted = countedBy(price);
  if (counted === undefined) return [];
  return Array.from({ length: POINTS + 1 }, (_, index) => {
    const exact = new Exact(most).times(index).div(POINTS);
    const quantity = (exact.gt(POINTS) ? exact.toDecimalPlaces(0) : exact.toDecimalPlaces(12)).toFixed();
    const { amount } = calculateLine(price, { ...quantities, [counted]: quantity });
    const total = new Exact(amount.toString()).div(scale);
    return {
      quantity: Number(quantity),
      total: total.toNumber(),
      average: quantity === '0' ? null : total.div(quantity).toNumber(),
    };
  });
};
